import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Op, type Signatures, ops } from '../../compiler/ops/index.js'
import { type NdArray, asInputs } from '../../compiler/ops/rule.js'
import { difference } from './harness.js'

interface Plain {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** What fixtures/make/ops.py wrote. */
interface Golden<K extends Op> {
  readonly op: K
  readonly name: string
  readonly inputs: readonly Plain[]
  readonly attributes: Signatures[K]['attributes']
  readonly y: Plain
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'))

const array = ({ shape, data }: Plain): NdArray => ({ shape, data: Float64Array.from(data) })

const run = <K extends Op>({ op, inputs, attributes }: Golden<K>): NdArray => ops[op].reference(asInputs(inputs.map(array)), attributes)

const goldens = read('ops.json') as readonly Golden<Op>[]

/** Both sides are float64; they sum in different orders and numpy's exp and erf are other ones. */
const tolerance = 1e-13

describe('the reference agrees with numpy on', () => {
  it.each(goldens.map((golden, i) => [i, golden.op, golden.name, golden] as const))('%i %s %s', (_i, _op, _name, golden) => {
    expect(difference(run(golden), array(golden.y))).toBeLessThan(tolerance)
  })

  it('every op that computes a value of its own', () => {
    const covered = new Set<string>(goldens.map(({ op }) => op))
    const judged = Object.keys(ops).filter((op) => !/Grad|^(input|parameter|constant)/.test(op))
    expect(judged.filter((op) => !covered.has(op))).toEqual([])
  })
})

interface BalanceCase {
  readonly k: number
  /** By layer, by token. */
  readonly router_logits: readonly (readonly (readonly number[])[])[]
  readonly mask: readonly number[]
  readonly balance: number
}

describe('balance agrees with PyTorch on', () => {
  it.each(read('balance_cases.json') as readonly BalanceCase[])('top $k over $mask.length tokens', ({ k, router_logits, mask, balance }) => {
    const layers = router_logits.map((logits) => {
      const x = array({ shape: [logits.length, logits[0]?.length ?? 0], data: logits.flat() })
      return ops.balance.reference([x, array({ shape: [mask.length], data: mask })], { k, temperature: 1 }).data[0] ?? Number.NaN
    })
    // The golden was computed in float32: seven digits.
    expect(layers.reduce((a, b) => a + b, 0) / layers.length).toBeCloseTo(balance, 6)
  })
})
