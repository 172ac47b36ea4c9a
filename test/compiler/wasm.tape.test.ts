import { describe, expect, it } from 'vitest'
import { type Stage, encode, float, grouped } from '../../compiler/targets/wasm/tape.js'

/** A stage that reads and writes such ranges, and is named by its only kernel. */
const stage = (name: string, parts: number, reads: readonly number[], writes: readonly number[]): Stage => {
  const extents = (places: readonly number[]) => places.map((from) => ({ from, to: from + 10 }))
  return { steps: [{ kernel: name, args: [7] }], reads: extents(reads), writes: extents(writes), parts }
}

const named = (groups: readonly (readonly Stage[])[]): readonly (readonly string[])[] =>
  groups.map((group) => group.map(({ steps }) => steps.map(({ kernel }) => kernel).join('+')))

describe('threads wait, or do not,', () => {
  it.each([
    ['reads what another writes', stage('b', 2, [10], [30]), false],
    ['writes what another writes', stage('b', 2, [20], [15]), false],
    ['writes what another reads', stage('b', 2, [20], [0]), false],
    ['reads what another reads', stage('b', 2, [0], [30]), true],
    ['touches only what lies beside', stage('b', 2, [20], [30]), true],
  ])('before a step that %s', (_what, second, together) => {
    expect(named(grouped([stage('a', 2, [0], [10]), second], true))).toEqual(together ? [['a', 'b']] : [['a'], ['b']])
  })

  it('for every step of a group, not only the last', () => {
    const steps = [stage('a', 2, [0], [10]), stage('b', 2, [0], [30]), stage('c', 2, [10], [50])]
    expect(named(grouped(steps, true))).toEqual([['a', 'b'], ['c']])
  })

  it('not between short steps in a row, which one thread does in order', () => {
    const steps = [stage('a', 1, [0], [10]), stage('b', 1, [10], [20]), stage('c', 2, [20], [30]), stage('d', 1, [40], [50])]
    expect(named(grouped(steps, true))).toEqual([['a+b'], ['c', 'd']])
    expect(named(grouped(steps, false))).toEqual([['a'], ['b'], ['c', 'd']])
  })

  it('not for steps of no kernel', () => {
    expect(grouped([{ steps: [], reads: [], writes: [{ from: 0, to: 8 }], parts: 1 }], true)).toEqual([])
  })
})

describe('a tape', () => {
  it('says of each unit its parts, where its group ends, and the parts of the whole group there', () => {
    const groups = [[stage('a', 2, [0], [10]), stage('b', 3, [0], [30])], [stage('c', 1, [10], [50])]]
    const places: Readonly<Record<string, number>> = { a: 100, b: 101, c: 102 }
    const counters = [0, 0, 0, 0]
    const units = [
      [2, 0, 48, 3, 100, 1, 7, 0],
      [3, 5, 0, 3, 101, 1, 7, 0],
      [1, 1, 0, 3, 102, 1, 7, 0],
    ]
    expect([...encode({ place: (kernel) => places[kernel] ?? -1 }, groups)]).toEqual(units.flatMap((unit) => [...counters, ...unit]))
  })

  it('carries floats as their bits', () => {
    expect([float(1), float(-0.5), float(0)]).toEqual([0x3f800000, -0x41000000, 0])
  })
})
