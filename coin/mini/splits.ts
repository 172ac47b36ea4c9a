import { drawings, drawingsPerName, photosPerProduct, products } from './concepts.js'
import { below, random, seedOf, type Random } from './random.js'
import { keyOf, type Scene } from './scenes/scene.js'

/** Where a sample belongs. No photo, drawing, scene or question over text alone is in two splits; the probe samples are a part of `train`. */
export const splits = ['pretrain', 'train', 'heldOut', 'test'] as const
export type Split = (typeof splits)[number]

/** Shares of photos, drawings and scenes, in percent, as upper bounds. */
const upTo: Readonly<Record<Split, number>> = { pretrain: 56, train: 82, heldOut: 88, test: 100 }

const splitAt = (percent: number): Split => splits.find((split) => percent < upTo[split]) ?? 'test'

/** The split that a scene's key, or a question's text, falls into. */
const splitOf = (key: string): Split => splitAt(seedOf('split', key) % 100)

const rangeOf = (split: Split, each: number): readonly [number, number] => {
  const lower = split === 'pretrain' ? 0 : upTo[splits[splits.indexOf(split) - 1] ?? 'pretrain']
  return [Math.round((lower * each) / 100), Math.round((upTo[split] * each) / 100)]
}

const indexFor = (next: Random, split: Split, names: readonly string[], each: number, name: string): number => {
  const [from, to] = rangeOf(split, each)
  return names.indexOf(name) * each + from + below(next, to - from)
}

/** A photo of this product from the split's own range. */
export const photoFor = (next: Random, split: Split, name: string): number => indexFor(next, split, products, photosPerProduct, name)

/** A drawing of this name from the split's own range. */
export const drawingFor = (next: Random, split: Split, name: string): number => indexFor(next, split, drawings, drawingsPerName, name)

const fromRange = (scene: Scene): boolean => scene.layers.some((layer) => layer.kind === 'photo' || layer.kind === 'drawing')

const attempts = 2000

/** Composes until something comes out whose key belongs to the split. */
export const composeIn = <A>(next: Random, split: Split, key: (made: A) => string | null, compose: (next: Random) => A | null): A => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const made = compose(next)
    if (made === null) continue
    const name = key(made)
    if (name === null || splitOf(name) === split) return made
  }
  throw new Error(`bug: nothing to be composed for the split "${split}" in ${attempts} attempts`)
}

/** The key that decides a scene's split; null for photos and drawings, whose ranges have decided already. */
export const sceneKey = (scene: Scene): string | null => (fromRange(scene) ? null : keyOf(scene))

/** A random generator for one sample, apart from all others. */
export const randomFor = (...parts: readonly (string | number)[]): Random => random(seedOf(...parts))
