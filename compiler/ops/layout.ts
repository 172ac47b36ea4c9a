import { invariant } from '../invariant.js'
import { type Shape, same, size } from '../shape.js'
import { show } from './check.js'
import type { NdArray, OpRule } from './rule.js'

export interface Reshape {
  readonly arity: 1
  readonly attributes: { readonly shape: Shape }
}

/** The same numbers in the same order under another shape. */
export const reshape: OpRule<Reshape> = {
  shape: ([x], { shape }) => {
    invariant(size(x) === size(shape), `reshape: ${show(x)} does not fill ${show(shape)}`)
    return shape
  },
  flops: () => 0,
  adjoint: (emit, [x], _shape, dy) => [() => emit('reshape', [dy], { shape: x.shape })],
  reference: ([x], { shape }) => ({ shape, data: x.data }),
}

/** 0 is the outermost axis. */
export type Axis = 0 | 1

export interface Slice {
  readonly arity: 1
  readonly attributes: { readonly axis: Axis; readonly from: number; readonly to: number }
}

/** The places from `from` up to but without `to`, along an axis. */
export const slice: OpRule<Slice> = {
  shape: ([x], { axis, from, to }) => {
    invariant(0 <= from && from < to && to <= along('slice', x, axis), `slice: ${from} to ${to} is not in axis ${axis} of ${show(x)}`)
    return x.with(axis, to - from)
  },
  flops: () => 0,
  adjoint: (emit, [x], { axis, from, to }, dy) => [() => emit('pad', [dy], { axis, before: from, after: along('slice', x.shape, axis) - to })],
  reference: ([x], { axis, from, to }) => moved(x, axis, from, x.shape.with(axis, to - from), 0),
}

export interface Pad {
  readonly arity: 1
  readonly attributes: { readonly axis: Axis; readonly before: number; readonly after: number }
}

/** Zeros before and after, along an axis: the adjoint of `slice`. */
export const pad: OpRule<Pad> = {
  shape: ([x], { axis, before, after }) => {
    invariant(before >= 0 && after >= 0, `pad: ${before} before and ${after} after`)
    return x.with(axis, before + along('pad', x, axis) + after)
  },
  flops: () => 0,
  adjoint: (emit, [x], { axis, before }, dy) => [() => emit('slice', [dy], { axis, from: before, to: before + along('pad', x.shape, axis) })],
  reference: ([x], { axis, before, after }) => moved(x, axis, 0, x.shape.with(axis, before + along('pad', x.shape, axis) + after), before),
}

export interface Concat {
  readonly arity: 'many'
  readonly attributes: { readonly axis: Axis }
}

/** One after another along an axis; the other axis agrees. */
export const concat: OpRule<Concat> = {
  shape: (xs, { axis }) => {
    const [first] = xs
    invariant(first !== undefined, 'concat: of nothing')
    const others = (x: Shape): Shape => x.with(axis, 0)
    for (const x of xs) {
      along('concat', x, axis)
      invariant(same(others(x), others(first)), `concat: ${show(first)} and ${show(x)} differ off axis ${axis}`)
    }
    return first.with(axis, ends(xs, axis).at(-1) ?? 0)
  },
  flops: () => 0,
  adjoint: (emit, xs, { axis }, dy) => {
    const to = ends(
      xs.map((x) => x.shape),
      axis,
    )
    return to.map((end, i) => () => emit('slice', [dy], { axis, from: to[i - 1] ?? 0, to: end }))
  },
  reference: (xs, { axis }) => {
    const shapes = xs.map((x) => x.shape)
    const result = { shape: concat.shape(shapes, { axis }), data: new Float64Array(shapes.reduce((n, s) => n + size(s), 0)) }
    const to = ends(shapes, axis)
    xs.forEach((x, i) => copy(x, axis, 0, result, to[i - 1] ?? 0))
    return result
  },
}

const along = (op: string, shape: Shape, axis: Axis): number => {
  const length = shape[axis]
  invariant(length !== undefined && shape.length <= 2, `${op}: ${show(shape)} has no axis ${axis} or is no matrix`)
  return length
}

/** Where each part ends along the axis of the whole. */
const ends = (shapes: readonly Shape[], axis: Axis): readonly number[] => {
  const to: number[] = []
  for (const shape of shapes) to.push((to.at(-1) ?? 0) + along('concat', shape, axis))
  return to
}

/** x read from `from` on, into zeros of `shape` from `to` on. */
const moved = (x: NdArray, axis: Axis, from: number, shape: Shape, to: number): NdArray => {
  const result = { shape, data: new Float64Array(size(shape)) }
  copy(x, axis, from, result, to)
  return result
}

/** Copies what fits, run by run: along axis 0 the whole is one run, along axis 1 each row is. */
const copy = (x: NdArray, axis: Axis, from: number, into: NdArray, to: number): void => {
  const runs = axis === 0 ? 1 : (x.shape[0] ?? 1)
  const unit = axis === 0 ? (x.shape[1] ?? 1) : 1
  const [read, written] = [x.data.length / runs, into.data.length / runs]
  const length = Math.min(read - from * unit, written - to * unit)
  for (let run = 0; run < runs; run++)
    into.data.set(x.data.subarray(run * read + from * unit, run * read + from * unit + length), run * written + to * unit)
}
