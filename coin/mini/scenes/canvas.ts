import { side, type Rgb } from '../concepts.js'

/** A picture being drawn: `side` x `side` RGB bytes. */
export type Canvas = Uint8Array

export const blank = (colour: Rgb): Canvas => {
  const canvas = new Uint8Array(side * side * 3)
  for (let at = 0; at < canvas.length; at += 3) canvas.set(colour, at)
  return canvas
}

/** Mixes a colour into one pixel; nothing happens outside the picture. */
export const mix = (canvas: Canvas, x: number, y: number, red: number, green: number, blue: number, coverage: number): void => {
  if (x < 0 || y < 0 || x >= side || y >= side || coverage <= 0) return
  const at = (y * side + x) * 3
  const rest = 1 - coverage
  canvas[at] = Math.round((canvas[at] ?? 0) * rest + red * coverage)
  canvas[at + 1] = Math.round((canvas[at + 1] ?? 0) * rest + green * coverage)
  canvas[at + 2] = Math.round((canvas[at + 2] ?? 0) * rest + blue * coverage)
}

/** Value of a one-channel tile between its pixels; 0 outside. */
export const sample = (bytes: Uint8Array, width: number, height: number, x: number, y: number): number => {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const at = (px: number, py: number): number => (px < 0 || py < 0 || px >= width || py >= height ? 0 : (bytes[py * width + px] ?? 0))
  return (
    (at(left, top) * (1 - right) + at(left + 1, top) * right) * (1 - down) + (at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right) * down
  )
}
