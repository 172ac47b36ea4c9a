import * as fc from 'fast-check'
import { type Shape, size } from '../../compiler/shape.js'

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export const stream = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a sample hands to an op. `trained` inputs get a gradient; `fixed` ones (masks, tables, a given dL/dy) do not; `integer` ones cannot. */
export interface Argument {
  readonly kind: 'trained' | 'fixed' | 'integer'
  readonly shape: Shape
  readonly data: Float64Array
}

/** Arguments are exact in float32, so that every target is given the very numbers that the reference is given. */
const argument = (kind: Argument['kind'], shape: Shape, element: (random: () => number, i: number) => number): fc.Arbitrary<Argument> =>
  fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => {
    const random = stream(seed)
    return { kind, shape, data: Float64Array.from({ length: size(shape) }, (_, i) => Math.fround(element(random, i))) }
  })

/** 0.1 to 2 in magnitude: no kink of relu, no steep place of a norm is near enough to spoil a finite difference. */
const away = (random: () => number): number => (random() < 0.5 ? -1 : 1) * (0.1 + 1.9 * random())

export const trained = (shape: Shape): fc.Arbitrary<Argument> => argument('trained', shape, away)

export const fixed = (shape: Shape): fc.Arbitrary<Argument> => argument('fixed', shape, away)

export const positive = (shape: Shape): fc.Arbitrary<Argument> => argument('fixed', shape, (random) => 0.01 + 2 * random())

export const mask = (shape: Shape): fc.Arbitrary<Argument> => argument('fixed', shape, (random, i) => (i === 0 || random() < 0.7 ? 1 : 0))

/** Integers from `low` to `high`, both included. */
export const integers = (shape: Shape, low: number, high: number): fc.Arbitrary<Argument> =>
  argument('integer', shape, (random) => low + Math.floor(random() * (high - low + 1)))

/** A matrix whose rows hold no two values closer than 1 / columns: no top-k changes, no variance vanishes, under a finite difference. */
export const spread = (kind: 'trained' | 'fixed', rows: number, columns: number): fc.Arbitrary<Argument> =>
  fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => {
    const random = stream(seed)
    const row = (): number[] =>
      Array.from({ length: columns }, (_, j) => ({ value: (4 * (j + 0.75 * random())) / columns - 2, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ value }) => Math.fround(value))
    return { kind, shape: [rows, columns], data: Float64Array.from(Array.from({ length: rows }, row).flat()) }
  })
