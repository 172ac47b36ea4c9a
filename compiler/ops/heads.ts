import type { Shape } from '../shape.js'
import { agree, divides, matrix } from './check.js'
import { at } from './dense.js'
import type { NdArray, OpRule } from './rule.js'

/**
 * Attention's three products over heads. Per-head matrices P are [batch * heads * T, S]; queries a, q are [batch * T, heads * d];
 * keys and values b, k, v are [batch * S, kvHeads * d]. Heads are dealt to key-value heads in equal consecutive groups.
 * Together the three are closed under differentiation: the adjoints of each are the other two.
 */
export interface Heads {
  readonly arity: 2
  readonly attributes: { readonly batch: number; readonly heads: number; readonly kvHeads: number; readonly scale: number }
}

interface Sizes {
  readonly T: number
  readonly S: number
  readonly d: number
}

/** P = scale * a·b, head by head. */
export const headScores: OpRule<Heads> = {
  shape: ([a, b], attributes) => {
    const { T, S } = scoreSizes(a, b, attributes)
    return [attributes.batch * attributes.heads * T, S]
  },
  flops: ([a, b], attributes) => cost(scoreSizes(a, b, attributes), attributes),
  adjoint: (emit, [a, b], attributes, dp) => [() => emit('headMix', [dp, b], attributes), () => emit('headMixTransposed', [dp, a], attributes)],
  reference: ([a, b], attributes) => {
    const sizes = scoreSizes(a.shape, b.shape, attributes)
    const data = new Float64Array(attributes.batch * attributes.heads * sizes.T * sizes.S)
    walk(sizes, attributes, (p, query, key) => {
      let dot = 0
      for (let i = 0; i < sizes.d; i++) dot += at(a, query + i) * at(b, key + i)
      data[p] = attributes.scale * dot
    })
    return { shape: headScores.shape([a.shape, b.shape], attributes), data }
  },
}

/** Every query's sum of values under its row of P, times scale. */
export const headMix: OpRule<Heads> = {
  shape: ([p, v], attributes) => {
    const { T, d } = mixSizes(p, v, attributes)
    return [attributes.batch * T, attributes.heads * d]
  },
  flops: ([p, v], attributes) => cost(mixSizes(p, v, attributes), attributes),
  adjoint: (emit, [p, v], attributes, dy) => [() => emit('headScores', [dy, v], attributes), () => emit('headMixTransposed', [p, dy], attributes)],
  reference: ([p, v], attributes) => {
    const sizes = mixSizes(p.shape, v.shape, attributes)
    const shape = headMix.shape([p.shape, v.shape], attributes)
    return collected(shape, sizes, attributes, (weight, query, key) => [query, at(p, weight), v, key])
  },
}

/** Every key's sum of x under its column of P over the heads of its group, times scale. */
export const headMixTransposed: OpRule<Heads> = {
  shape: ([p, x], attributes) => {
    const { S, d } = transposedSizes(p, x, attributes)
    return [attributes.batch * S, attributes.kvHeads * d]
  },
  flops: ([p, x], attributes) => cost(transposedSizes(p, x, attributes), attributes),
  adjoint: (emit, [p, x], attributes, dy) => [() => emit('headScores', [x, dy], attributes), () => emit('headMix', [p, dy], attributes)],
  reference: ([p, x], attributes) => {
    const sizes = transposedSizes(p.shape, x.shape, attributes)
    const shape = headMixTransposed.shape([p.shape, x.shape], attributes)
    return collected(shape, sizes, attributes, (weight, query, key) => [key, at(p, weight), x, query])
  },
}

type Attributes = Heads['attributes']

const scoreSizes = (a: Shape, b: Shape, { batch, heads, kvHeads }: Attributes): Sizes => {
  divides('headScores', kvHeads, heads)
  const [queries, width] = matrix('headScores', a)
  const [keys, kvWidth] = matrix('headScores', b)
  const d = divides('headScores', heads, width)
  agree('headScores', 'the head size', d, divides('headScores', kvHeads, kvWidth))
  return { T: divides('headScores', batch, queries), S: divides('headScores', batch, keys), d }
}

const mixSizes = (p: Shape, v: Shape, { batch, heads, kvHeads }: Attributes): Sizes => {
  divides('headMix', kvHeads, heads)
  const [rows, S] = matrix('headMix', p)
  const [keys, width] = matrix('headMix', v)
  agree('headMix', 'the number of keys', batch * S, keys)
  return { T: divides('headMix', batch * heads, rows), S, d: divides('headMix', kvHeads, width) }
}

const transposedSizes = (p: Shape, x: Shape, { batch, heads, kvHeads }: Attributes): Sizes => {
  divides('headMixTransposed', kvHeads, heads)
  const [rows, S] = matrix('headMixTransposed', p)
  const [queries, width] = matrix('headMixTransposed', x)
  const T = divides('headMixTransposed', batch * heads, rows)
  agree('headMixTransposed', 'the number of queries', batch * T, queries)
  return { T, S, d: divides('headMixTransposed', heads, width) }
}

const cost = ({ T, S, d }: Sizes, { batch, heads }: Attributes): number => 2 * batch * heads * T * S * d

/** Visits every element of P with the places where its query's and its key's head begin. */
const walk = ({ T, S, d }: Sizes, { batch, heads, kvHeads }: Attributes, visit: (p: number, query: number, key: number) => void): void => {
  for (let sample = 0; sample < batch; sample++)
    for (let head = 0; head < heads; head++)
      for (let t = 0; t < T; t++)
        for (let s = 0; s < S; s++)
          visit(
            ((sample * heads + head) * T + t) * S + s,
            ((sample * T + t) * heads + head) * d,
            ((sample * S + s) * kvHeads + Math.floor((head * kvHeads) / heads)) * d,
          )
}

/** Sums `weight * source` into the target that each element of P names. */
const collected = (
  shape: Shape,
  sizes: Sizes,
  attributes: Attributes,
  term: (p: number, query: number, key: number) => readonly [target: number, weight: number, source: NdArray, from: number],
): NdArray => {
  const [rows, columns] = matrix('heads', shape)
  const data = new Float64Array(rows * columns)
  walk(sizes, attributes, (p, query, key) => {
    const [target, weight, source, from] = term(p, query, key)
    for (let i = 0; i < sizes.d; i++) data[target + i] = (data[target + i] ?? 0) + attributes.scale * weight * at(source, from + i)
  })
  return { shape, data }
}
