import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../dsl/index.js'
import { factorAt } from '../../runtime/learn/schedule.js'

const course = (schedule: Schedule, steps: number): readonly number[] => Array.from({ length: steps }, (_, step) => factorAt(schedule, step, steps))

describe('the learning rate', () => {
  it('rises in equal steps, the last of which is the whole', () => {
    expect(course({ kind: 'constant', warmup: 0.4 }, 10)).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1])
    expect(course({ kind: 'constant', warmup: 0 }, 3)).toEqual([1, 1, 1])
  })

  it('falls by half a cosine, from the whole to near its floor', () => {
    const factors = course({ kind: 'cosine', warmup: 0.5, floor: 0.2 }, 8)
    const fall = [0, 1, 2, 3].map((i) => 0.2 + 0.8 * 0.5 * (1 + Math.cos((Math.PI * i) / 4)))
    expect(factors.slice(0, 4)).toEqual([0.25, 0.5, 0.75, 1])
    factors.slice(4).forEach((factor, i) => expect(factor).toBeCloseTo(fall[i] ?? Number.NaN, 12))
    // Half-way down it is half-way between.
    expect(factors[6]).toBeCloseTo(0.6, 12)
  })

  it('stays between nothing and the whole, however short the course', () => {
    for (const steps of [1, 2, 3, 7])
      for (const warmup of [0, 0.06, 0.5, 1])
        for (const schedule of [
          { kind: 'cosine', warmup, floor: 0 },
          { kind: 'constant', warmup },
        ] as const)
          for (const factor of course(schedule, steps)) expect(factor > 0 && factor <= 1).toBe(true)
  })
})
