import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buckets, lengthStep } from '../../runtime/data/lengths.js'
import { batches } from '../../runtime/learn/order.js'

const course = fc.record({
  seed: fc.nat(1000),
  lengths: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 300 }),
  batch: fc.integer({ min: 1, max: 20 }),
  epochs: fc.integer({ min: 1, max: 3 }),
})

describe('the batches of a course', () => {
  it('show every sample once an epoch', () => {
    fc.assert(
      fc.property(course, ({ seed, lengths, batch, epochs }) => {
        const perEpoch = Math.ceil(lengths.length / batch)
        const all = batches(seed, 'x', lengths, batch, epochs * perEpoch)
        expect(all).toHaveLength(epochs * perEpoch)
        for (let epoch = 0; epoch < epochs; epoch++) {
          const own = all.slice(epoch * perEpoch, (epoch + 1) * perEpoch)
          expect(own.flatMap((indices) => [...indices]).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i))
          expect(own.filter((indices) => indices.length === batch).length).toBeGreaterThanOrEqual(perEpoch - 1)
        }
      }),
      { seed: 1 },
    )
  })

  it('are a function of seed and name, and do not depend on how many steps are asked for', () => {
    fc.assert(
      fc.property(course, fc.nat(40), ({ seed, lengths, batch }, steps) => {
        const few = batches(seed, 'x', lengths, batch, steps)
        expect(few).toHaveLength(steps)
        expect(batches(seed, 'x', lengths, batch, steps + 7).slice(0, steps)).toEqual(few)
      }),
      { seed: 2 },
    )
    const lengths = Array.from({ length: 64 }, (_, i) => i)
    const of = (seed: number, name: string) => batches(seed, name, lengths, 8, 16).map((indices) => [...indices])
    expect(of(1, 'x')).not.toEqual(of(2, 'x'))
    expect(of(1, 'x')).not.toEqual(of(1, 'y'))
    // The second epoch is in an order of its own.
    expect(of(1, 'x').slice(0, 8)).not.toEqual(of(1, 'x').slice(8))
  })

  it('hold sequences of like length, so that little is padded', () => {
    const lengths = Array.from({ length: 256 }, (_, i) => 1 + ((i * 37) % 128))
    const padding = (own: readonly Int32Array[]): number =>
      own.reduce((sum, indices) => {
        const longest = Math.max(...[...indices].map((i) => lengths[i] ?? 0))
        return sum + [...indices].reduce((s, i) => s + longest - (lengths[i] ?? 0), 0)
      }, 0)
    const sorted = batches(0, 'x', lengths, 16, 16)
    const chance = Array.from({ length: 16 }, (_, k) => Int32Array.from({ length: 16 }, (__, i) => k * 16 + i))
    expect(padding(sorted)).toBeLessThan(padding(chance) / 3)
    // And yet they come in no order of length.
    const means = sorted.map((indices) => [...indices].reduce((s, i) => s + (lengths[i] ?? 0), 0))
    expect(means).not.toEqual([...means].sort((a, b) => a - b))
  })
})

describe('buckets', () => {
  it('hold every sequence once, the shortest first, and say the length that is enough', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (lengths, batch) => {
        const made = buckets(lengths, batch)
        const order = made.flatMap(({ indices }) => indices)
        expect(order.toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i))
        expect(made.every(({ indices }, k) => indices.length === (k === made.length - 1 ? order.length - k * batch : batch))).toBe(true)
        const sorted = order.map((i) => lengths[i] ?? 0)
        expect(sorted).toEqual(lengths.toSorted((a, b) => a - b))
        // Of equals, the first comes first.
        expect(order.every((i, k) => k === 0 || sorted[k] !== sorted[k - 1] || i > (order[k - 1] ?? 0))).toBe(true)
        for (const { length, indices } of made) {
          const longest = Math.max(...indices.map((i) => lengths[i] ?? 0))
          expect([length % lengthStep, length >= longest, length - longest < lengthStep]).toEqual([0, true, true])
        }
      }),
      { seed: 3 },
    )
  })
})
