import * as fc from 'fast-check'
import type { Op, Signatures } from '../../compiler/ops/index.js'
import type { ScalarFunction } from '../../compiler/ops/functions.js'
import type { RouteAttributes } from '../../compiler/ops/route.js'
import type { Shape } from '../../compiler/shape.js'
import { type Argument, fixed, integers, mask, positive, spread, trained } from './random.js'

/** What an op may be given. */
export interface Sample<K extends Op> {
  readonly inputs: readonly Argument[]
  readonly attributes: Signatures[K]['attributes']
}

type Samples<K extends Op> = (limit: number) => fc.Arbitrary<Sample<K>>

const dims = (limit: number, count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: limit }), { minLength: count, maxLength: count })

const shapes = (limit: number): fc.Arbitrary<Shape> => fc.integer({ min: 0, max: 2 }).chain((rank) => dims(limit, rank))

/** A sample from its sizes: the inputs, each drawn by itself, and the attributes. */
const sample = <K extends Op>(inputs: readonly fc.Arbitrary<Argument>[], attributes: Signatures[K]['attributes']): fc.Arbitrary<Sample<K>> =>
  fc.tuple(...inputs).map((drawn) => ({ inputs: drawn, attributes }))

const sized =
  <K extends Op>(count: number, build: (...sizes: number[]) => fc.Arbitrary<Sample<K>>): Samples<K> =>
  (limit) =>
    dims(limit, count).chain((sizes) => build(...sizes))

const shaped =
  <K extends Op>(build: (shape: Shape) => fc.Arbitrary<Sample<K>>): Samples<K> =>
  (limit) =>
    shapes(limit).chain(build)

const scalarFunction = fc.constantFrom<ScalarFunction>(
  ...(['exp', 'gelu', 'gelu-tanh', 'quick-gelu', 'relu', 'sigmoid', 'silu', 'square', 'tanh'] as const),
)

const epsilon = fc.constantFrom(1e-5, 1e-6)

const normal = <K extends 'layerNorm' | 'layerNormGrad' | 'layerNormGradScale' | 'rmsNorm' | 'rmsNormGrad' | 'rmsNormGradScale'>(
  kind: 'trained' | 'fixed',
  others: (rows: number, columns: number) => readonly fc.Arbitrary<Argument>[],
): Samples<K> =>
  sized<K>(2, (rows, narrow) => epsilon.chain((epsilon) => sample<K>([spread(kind, rows, narrow + 2), ...others(rows, narrow + 2)], { epsilon })))

/** Sizes of attention: batch and kvHeads up to 3, groups of up to 3 heads, the rest up to the limit. */
const attention =
  <K extends 'headScores' | 'headMix' | 'headMixTransposed'>(
    inputs: (s: { batch: number; heads: number; kvHeads: number; T: number; S: number; d: number }) => readonly Shape[],
  ): Samples<K> =>
  (limit) =>
    fc
      .tuple(dims(3, 3), dims(limit, 3), fc.constantFrom(1, 0.5, 0.25))
      .chain(([[batch = 1, kvHeads = 1, group = 1], [T = 1, S = 1, d = 1], scale]) => {
        const heads = kvHeads * group
        return sample<K>(inputs({ batch, heads, kvHeads, T, S, d }).map(trained), { batch, heads, kvHeads, scale })
      })

const axis = fc.constantFrom(0, 1).map((a): 0 | 1 => (a === 0 ? 0 : 1))

const axed = (limit: number): fc.Arbitrary<{ shape: Shape; axis: 0 | 1; length: number }> =>
  fc
    .tuple(dims(limit, 2), axis, fc.boolean())
    .map(([[rows = 1, columns = 1], axis, flat]) =>
      flat ? { shape: [rows], axis: 0, length: rows } : { shape: [rows, columns], axis, length: axis === 0 ? rows : columns },
    )

const routers = (limit: number): fc.Arbitrary<RouteAttributes> =>
  fc.integer({ min: 1, max: limit }).chain((experts) =>
    fc
      .array(
        fc
          .shuffledSubarray(
            Array.from({ length: experts }, (_, e) => e),
            { minLength: 1 },
          )
          .chain((sees) =>
            fc.record({
              sees: fc.constant(sees),
              topK: fc.option(fc.integer({ min: 1, max: sees.length })),
              temperature: fc.constantFrom(1, 0.5, 2),
            }),
          ),
        { minLength: 1, maxLength: 3 },
      )
      .map((routers) => ({ experts, routers })),
  )

const routed =
  <K extends 'route' | 'routeGrad'>(
    kind: 'trained' | 'fixed',
    others: (rows: number, experts: number) => readonly fc.Arbitrary<Argument>[],
  ): Samples<K> =>
  (limit) =>
    fc.tuple(routers(limit), fc.integer({ min: 1, max: limit })).chain(([attributes, rows]) => {
      const columns = attributes.routers.reduce((n, { sees }) => n + sees.length, 0)
      const inputs = [spread(kind, rows, columns), integers([rows], -1, attributes.routers.length - 1), ...others(rows, attributes.experts)]
      return sample<K>(inputs, attributes)
    })

const balanced =
  <K extends 'balance' | 'balanceGrad'>(kind: 'trained' | 'fixed', others: readonly fc.Arbitrary<Argument>[]): Samples<K> =>
  (limit) =>
    fc
      .tuple(dims(limit, 2), fc.nat(), fc.constantFrom(1, 0.5, 2))
      .chain(([[rows = 1, experts = 1], n, temperature]) =>
        sample<K>([spread(kind, rows, experts), mask([rows]), ...others], { k: 1 + (n % experts), temperature }),
      )

const gated =
  <K extends 'gate' | 'gateGrad'>(others: (rows: number, width: number, experts: number) => readonly fc.Arbitrary<Argument>[]): Samples<K> =>
  (limit) =>
    fc
      .tuple(fc.integer({ min: 1, max: limit }), fc.array(fc.integer({ min: 1, max: limit }), { minLength: 1, maxLength: 4 }))
      .chain(([rows, ranks]) =>
        sample<K>(
          others(
            rows,
            ranks.reduce((a, b) => a + b, 0),
            ranks.length,
          ),
          { ranks },
        ),
      )

const samples: { readonly [K in Op]: Samples<K> } = {
  adamW: shaped((shape) =>
    fc
      .integer({ min: 1, max: 50 })
      .chain((t) => sample<'adamW'>([fixed(shape), fixed(shape), positive(shape), fc.constant(hyper(t))], { epsilon: 1e-8 })),
  ),
  add: shaped((shape) => sample<'add'>([trained(shape), trained(shape)], {})),
  addRow: sized(2, (m, n) => sample<'addRow'>([trained([m, n]), trained([n])], {})),
  balance: balanced('trained', []),
  balanceGrad: balanced('fixed', [fixed([])]),
  clipFactor: () => fc.constantFrom(0.5, 1, 3).chain((max) => sample<'clipFactor'>([positive([])], { max })),
  columnSum: sized(2, (m, n) => sample<'columnSum'>([trained([m, n])], {})),
  concat: (limit) =>
    fc.tuple(axed(limit), dims(limit, 3)).chain(([{ shape, axis }, lengths]) =>
      sample<'concat'>(
        lengths.map((length) => trained(shape.with(axis, length))),
        { axis },
      ),
    ),
  constant: shaped((shape) => sample<'constant'>([], { value: 0.25, shape })),
  crossEntropy: sized(2, (s, v) => sample<'crossEntropy'>([trained([s, v]), integers([s], 0, v - 1)], {})),
  crossEntropyGrad: sized(2, (s, v) => sample<'crossEntropyGrad'>([fixed([s, v]), integers([s], 0, v - 1), fixed([s])], {})),
  ema: shaped((shape) => sample<'ema'>([fixed(shape), fixed(shape)], { beta: 0.9 })),
  emaSquare: shaped((shape) => sample<'emaSquare'>([positive(shape), fixed(shape)], { beta: 0.999 })),
  fill: shaped((shape) => sample<'fill'>([trained([])], { shape })),
  gate: gated((rows, width, experts) => [trained([rows, width]), trained([rows, experts])]),
  gateGrad: gated((rows, width) => [fixed([rows, width]), fixed([rows, width])]),
  gather: sized(3, (rows, width, n) => sample<'gather'>([trained([rows, width]), integers([n], -1, rows - 1)], {})),
  headMix: attention(({ batch, heads, kvHeads, T, S, d }) => [
    [batch * heads * T, S],
    [batch * S, kvHeads * d],
  ]),
  headMixTransposed: attention(({ batch, heads, T, S, d }) => [
    [batch * heads * T, S],
    [batch * T, heads * d],
  ]),
  headScores: attention(({ batch, heads, kvHeads, T, S, d }) => [
    [batch * T, heads * d],
    [batch * S, kvHeads * d],
  ]),
  input: shaped((shape) => sample<'input'>([], { name: 'x', shape, dtype: 'float32' })),
  layerNorm: normal('trained', (_rows, columns) => [trained([columns]), trained([columns])]),
  layerNormGrad: normal('fixed', (rows, columns) => [fixed([columns]), fixed([rows, columns])]),
  layerNormGradScale: normal('fixed', (rows, columns) => [fixed([rows, columns])]),
  map: (limit) => fc.tuple(shapes(limit), scalarFunction).chain(([shape, f]) => sample<'map'>([trained(shape)], { f })),
  mapGrad: (limit) => fc.tuple(shapes(limit), scalarFunction).chain(([shape, f]) => sample<'mapGrad'>([fixed(shape), fixed(shape)], { f })),
  maskedSoftmax: (limit) =>
    fc
      .tuple(dims(3, 2), dims(limit, 2))
      .chain(([[batch = 1, heads = 1], [T = 1, S = 1]]) =>
        sample<'maskedSoftmax'>([trained([batch * heads * T, S]), integers([batch * T], 1, S)], { batch, heads }),
      ),
  matMul: (limit) =>
    fc
      .tuple(dims(limit, 3), fc.boolean(), fc.boolean())
      .chain(([[m = 1, k = 1, n = 1], transposeA, transposeB]) =>
        sample<'matMul'>([trained(transposeA ? [k, m] : [m, k]), trained(transposeB ? [n, k] : [k, n])], { transposeA, transposeB }),
      ),
  mul: shaped((shape) => sample<'mul'>([trained(shape), trained(shape)], {})),
  mulRow: sized(2, (m, n) => sample<'mulRow'>([trained([m, n]), trained([n])], {})),
  pad: (limit) =>
    fc
      .tuple(axed(limit), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
      .chain(([{ shape, axis }, before, after]) => sample<'pad'>([trained(shape)], { axis, before, after })),
  parameter: shaped((shape) => sample<'parameter'>([], { name: 'x', shape })),
  put: sized(3, (rows, width, n) => {
    const count = Math.min(n, rows)
    return distinctIds(count, rows).chain((ids) => sample<'put'>([fixed([rows, width]), fixed([count, width]), fc.constant(ids)], {}))
  }),
  repeatColumn: sized(2, (m, columns) => sample<'repeatColumn'>([trained([m])], { columns })),
  repeatRow: sized(2, (n, rows) => sample<'repeatRow'>([trained([n])], { rows })),
  reshape: sized(2, (m, n) => fc.constantFrom<Shape>([n, m], [m * n], [1, m * n]).chain((shape) => sample<'reshape'>([trained([m, n])], { shape }))),
  rmsNorm: normal('trained', (_rows, columns) => [trained([columns])]),
  rmsNormGrad: normal('fixed', (rows, columns) => [fixed([columns]), fixed([rows, columns])]),
  rmsNormGradScale: normal('fixed', (rows, columns) => [fixed([rows, columns])]),
  rotary: (limit) =>
    fc
      .tuple(dims(limit, 2), dims(3, 1), fc.boolean())
      .chain(([[rows = 1, half = 1], [heads = 1], inverse]) =>
        sample<'rotary'>([trained([rows, heads * 2 * half]), fixed([rows, half]), fixed([rows, half])], { inverse }),
      ),
  route: routed('trained', () => []),
  routeGrad: routed('fixed', (rows, experts) => [fixed([rows, experts])]),
  rowSum: sized(2, (m, n) => sample<'rowSum'>([trained([m, n])], {})),
  scale: shaped((shape) => sample<'scale'>([trained(shape)], { by: -0.75 })),
  scaleBy: shaped((shape) => sample<'scaleBy'>([trained(shape), trained([])], {})),
  scatterAdd: sized(3, (rows, width, n) => sample<'scatterAdd'>([integers([n], -1, rows - 1), trained([n, width])], { rows })),
  slice: (limit) =>
    fc.tuple(axed(limit), fc.nat(), fc.nat()).chain(([{ shape, axis, length }, a, b]) => {
      const from = a % length
      return sample<'slice'>([trained(shape)], { axis, from, to: from + 1 + (b % (length - from)) })
    }),
  softmax: sized(2, (m, n) => sample<'softmax'>([trained([m, n])], {})),
  softmaxGrad: sized(2, (m, n) => sample<'softmaxGrad'>([positive([m, n]), fixed([m, n])], {})),
  sum: shaped((shape) => sample<'sum'>([trained(shape)], {})),
  swiglu: shaped((shape) => sample<'swiglu'>([trained(shape), trained(shape)], {})),
  swigluGradGate: shaped((shape) => sample<'swigluGradGate'>([fixed(shape), fixed(shape), fixed(shape)], {})),
}

/** The numbers of AdamW's step t. */
const hyper = (t: number): Argument => ({
  kind: 'fixed',
  shape: [4],
  data: Float64Array.of(1e-2, 1e-4, 1 - 0.9 ** t, 1 - 0.999 ** t).map(Math.fround),
})

/** Ids of different rows, some of them -1. */
const distinctIds = (count: number, rows: number): fc.Arbitrary<Argument> =>
  fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: rows }, (_, i) => i),
        { minLength: count, maxLength: count },
      ),
      fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    )
    .map(([ids, skipped]) => ({ kind: 'integer', shape: [count], data: Float64Array.from(ids, (id, i) => (skipped[i] === true ? -1 : id)) }))

/** Valid inputs and attributes of an op; `limit` is the largest size of a dimension (attention's heads and batch stay at 3). */
export const samplesOf = <K extends Op>(op: K, limit = 4): fc.Arbitrary<Sample<K>> => samples[op](limit)
