import {
  cell,
  cells,
  colourNames,
  drawings,
  emblemOf,
  emojiNames,
  genres,
  glyphCharacters,
  authors,
  products,
  shapeNames,
  side,
  signWords,
  titles,
} from '../concepts.js'
import { directions, neighbour } from './relations.js'
import { isThing, thingsOf, type Layer, type Scene } from './scene.js'

/** What a patch can show. 0 is background; 'nothing' is a picture that heavy damage destroyed. */
export const whatLabels: readonly string[] = [
  'background',
  'nothing',
  'board',
  'number',
  'mark',
  ...emojiNames,
  ...genres.map((genre) => emblemOf[genre]),
  ...shapeNames,
  ...products.map((name) => `product ${name}`),
  ...drawings.map((name) => `drawing ${name}`),
  ...signWords.map((word) => `word ${word}`),
  ...titles.map((word) => `word ${word}`),
  ...authors.map((word) => `word ${word}`),
]

/** How it looks: a colour, or which letter or digit it is. */
export const attributeLabels: readonly string[] = ['none', ...colourNames, ...Array.from(glyphCharacters)]

/** Dense labels, one of each kind a patch (64), for the tower's first stage. The heads that learn them are thrown away. */
export interface PatchLabels {
  readonly what: Uint8Array
  readonly attribute: Uint8Array
  /** Left, top, right, bottom of the thing here, in eighths, one after another (256); all 0 on background. */
  readonly box: Uint8Array
  /** How many things of this name the picture has; 0 where there is no thing. */
  readonly count: Uint8Array
  /** What is the only thing left of, right of, above and below the thing here (256); 0 where there is none or several. */
  readonly beside: Uint8Array
}

const whatIndex = new Map(whatLabels.map((label, index) => [label, index]))
const attributeIndex = new Map(attributeLabels.map((label, index) => [label, index]))
const marks: ReadonlySet<string> = new Set(['A', 'B', 'C', 'D'])

const whatOf = (layer: Layer): string => {
  switch (layer.kind) {
    case 'emoji':
    case 'shape':
      return layer.name
    case 'board':
      return 'board'
    case 'photo':
      return `product ${layer.name}`
    case 'drawing':
      return `drawing ${layer.name}`
    case 'text':
      return marks.has(layer.text) ? 'mark' : /^\d/.test(layer.text) ? 'number' : `word ${layer.text}`
  }
}

const attributeOf = (layer: Layer, column: number): string => {
  if (layer.kind === 'shape' || layer.kind === 'board') return layer.colour
  return layer.kind === 'text' ? (layer.text[column]?.toUpperCase() ?? 'none') : 'none'
}

const destroyed = (scene: Scene): boolean => scene.damage?.heavy === true

/** Says for every patch what lies there; a later layer covers an earlier one. */
export const labelsOf = (scene: Scene): PatchLabels => {
  const patches = cells * cells
  const labels: PatchLabels = {
    what: new Uint8Array(patches),
    attribute: new Uint8Array(patches),
    box: new Uint8Array(patches * 4),
    count: new Uint8Array(patches),
    beside: new Uint8Array(patches * 4),
  }
  if (destroyed(scene)) {
    labels.what.fill(whatIndex.get('nothing') ?? 0)
    return labels
  }
  const things = thingsOf(scene)
  for (const layer of scene.layers) {
    const what = whatIndex.get(whatOf(layer)) ?? 0
    const edges = [layer.x, layer.y, layer.x + layer.width, layer.y + layer.height].map((at) => at / cell)
    const count = isThing(layer) ? things.filter((other) => other.name === layer.name).length : 0
    const beside = isThing(layer) ? directions.map((direction) => whatIndex.get(neighbour(scene, layer, direction)?.name ?? '') ?? 0) : [0, 0, 0, 0]
    for (let y = layer.y; y < Math.min(side, layer.y + layer.height); y += cell)
      for (let x = layer.x; x < Math.min(side, layer.x + layer.width); x += cell) {
        const patch = (y / cell) * cells + x / cell
        labels.what[patch] = what
        labels.attribute[patch] = attributeIndex.get(attributeOf(layer, (x - layer.x) / cell)) ?? 0
        labels.box.set(edges, patch * 4)
        labels.count[patch] = count
        labels.beside.set(beside, patch * 4)
      }
  }
  return labels
}

export const labelSizes = { what: whatLabels.length, attribute: attributeLabels.length, box: cells + 1, count: 6, beside: whatLabels.length }
