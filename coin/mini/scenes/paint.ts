import { colours } from '../concepts.js'
import type { Pack, Tile } from '../pack.js'
import { mix, sample, type Canvas } from './canvas.js'
import type { Box, BoardLayer, DrawingLayer, EmojiLayer, Layer, PhotoLayer, ShapeLayer, TextLayer } from './scene.js'

type Painter<L extends Layer> = (pack: Pack, canvas: Canvas, layer: L) => void

const found = (tile: Tile | undefined, what: string): Tile => {
  if (tile === undefined) throw new Error(`bug: the data pack has no ${what}`)
  return tile
}

/** Calls back for every pixel of a box. */
const eachPixel = (box: Box, visit: (x: number, y: number) => void): void => {
  for (let y = 0; y < box.height; y += 1) for (let x = 0; x < box.width; x += 1) visit(x, y)
}

const emoji: Painter<EmojiLayer> = (pack, canvas, layer) => {
  const { bytes, width } = found(pack.sprites.get(`${layer.name}/${layer.width}`), `emoji ${layer.name} of ${layer.width} pixels`)
  eachPixel(layer, (x, y) => {
    const at = (y * width + x) * 4
    mix(canvas, layer.x + x, layer.y + y, bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, (bytes[at + 3] ?? 0) / 255)
  })
}

/** Distance from the edge in units of the half size, positive inside: enough for a soft edge. */
const inside: Readonly<Record<ShapeLayer['name'], (u: number, v: number) => number>> = {
  circle: (u, v) => 0.94 - Math.hypot(u, v),
  square: (u, v) => 0.86 - Math.max(Math.abs(u), Math.abs(v)),
  triangle: (u, v) => Math.min(0.88 - v, (v + 0.92) * 0.46 - Math.abs(u) * 0.9),
  diamond: (u, v) => (0.96 - Math.abs(u) - Math.abs(v)) * 0.8,
}

const shape: Painter<ShapeLayer> = (_, canvas, layer) => {
  const [red, green, blue] = colours[layer.colour]
  const half = layer.width / 2
  const depth = inside[layer.name]
  eachPixel(layer, (x, y) => {
    const coverage = depth((x + 0.5 - half) / half, (y + 0.5 - half) / half) * half + 0.5
    mix(canvas, layer.x + x, layer.y + y, red, green, blue, Math.min(1, coverage))
  })
}

const board: Painter<BoardLayer> = (_, canvas, layer) => {
  const [red, green, blue] = colours[layer.colour]
  eachPixel(layer, (x, y) => mix(canvas, layer.x + x, layer.y + y, red, green, blue, 1))
}

/** Every letter has a cell of its own, so none straddles a patch. */
const text: Painter<TextLayer> = (pack, canvas, layer) => {
  const [red, green, blue] = layer.ink
  Array.from(layer.text.toUpperCase()).forEach((character, column) => {
    const { bytes } = found(pack.glyphs.get(`${layer.cut}/${character}`), `glyph "${character}"`)
    bytes.forEach((coverage, at) => mix(canvas, layer.x + column * 8 + (at % 8), layer.y + Math.floor(at / 8), red, green, blue, coverage / 255))
  })
}

const photo: Painter<PhotoLayer> = (pack, canvas, layer) => {
  const { bytes, width, height } = found(pack.photos[layer.index], `photo ${layer.index}`)
  eachPixel(layer, (x, y) => {
    const across = ((layer.mirror ? layer.width - 1 - x : x) + 0.5) * (width / layer.width) - 0.5
    const grey = Math.min(255, sample(bytes, width, height, across, (y + 0.5) * (height / layer.height) - 0.5) * layer.light)
    mix(canvas, layer.x + x, layer.y + y, grey, grey, grey, 1)
  })
}

/** The drawing keeps its proportions: its longer side fills nine tenths of the box. */
const drawing: Painter<DrawingLayer> = (pack, canvas, layer) => {
  const { bytes, width, height } = found(pack.drawings[layer.index], `drawing ${layer.index}`)
  const [red, green, blue] = layer.ink
  const scale = Math.max(width, height) / (layer.width * 0.9)
  const [cosine, sine] = [Math.cos(layer.tilt) * scale, Math.sin(layer.tilt) * scale]
  const flip = layer.mirror ? -1 : 1
  eachPixel(layer, (x, y) => {
    const u = x + 0.5 - layer.width / 2
    const v = y + 0.5 - layer.height / 2
    const ink = sample(bytes, width, height, flip * (u * cosine + v * sine) + width / 2 - 0.5, v * cosine - u * sine + height / 2 - 0.5)
    mix(canvas, layer.x + x, layer.y + y, red, green, blue, Math.min(1, ink / 200))
  })
}

/** Draws one layer onto the canvas. */
export const paint = (pack: Pack, canvas: Canvas, layer: Layer): void => {
  switch (layer.kind) {
    case 'emoji':
      return emoji(pack, canvas, layer)
    case 'shape':
      return shape(pack, canvas, layer)
    case 'board':
      return board(pack, canvas, layer)
    case 'text':
      return text(pack, canvas, layer)
    case 'photo':
      return photo(pack, canvas, layer)
    case 'drawing':
      return drawing(pack, canvas, layer)
  }
}
