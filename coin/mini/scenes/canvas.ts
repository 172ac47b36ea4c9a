import { side, type Rgb } from '../concepts.js'

/** A picture being drawn: `side` x `side` RGB bytes. */
export type Canvas = Uint8Array

export const blank = (colour: Rgb): Canvas => {
  const canvas = new Uint8Array(side * side * 3)
  const [red, green, blue] = colour
  for (let at = 0; at < canvas.length; at += 3) {
    canvas[at] = red
    canvas[at + 1] = green
    canvas[at + 2] = blue
  }
  return canvas
}

/** Mixes a colour into one pixel; nothing happens outside the picture. */
export const mix = (canvas: Canvas, x: number, y: number, red: number, green: number, blue: number, coverage: number): void => {
  if (x < 0 || y < 0 || x >= side || y >= side || coverage <= 0) return
  const at = (y * side + x) * 3
  const rest = 1 - coverage
  // Stored bytes are cut off, not rounded: half a level more makes up for it.
  canvas[at] = (canvas[at] ?? 0) * rest + red * coverage + 0.5
  canvas[at + 1] = (canvas[at + 1] ?? 0) * rest + green * coverage + 0.5
  canvas[at + 2] = (canvas[at + 2] ?? 0) * rest + blue * coverage + 0.5
}

const valueAt = (bytes: Uint8Array, width: number, height: number, x: number, y: number): number =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : (bytes[y * width + x] ?? 0)

/** Value of a one-channel tile between its pixels; 0 outside. */
export const sample = (bytes: Uint8Array, width: number, height: number, x: number, y: number): number => {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = x - left
  const down = y - top
  const above = valueAt(bytes, width, height, left, top) * (1 - right) + valueAt(bytes, width, height, left + 1, top) * right
  const under = valueAt(bytes, width, height, left, top + 1) * (1 - right) + valueAt(bytes, width, height, left + 1, top + 1) * right
  return above * (1 - down) + under * down
}
