import { size } from '../shape.js'
import { agree, alike, divides, matrix } from './check.js'
import { at, columnsOf, filled } from './dense.js'
import type { OpRule } from './rule.js'

export interface Rotary {
  readonly arity: 3
  readonly attributes: { readonly inverse: boolean }
}

/**
 * Rotary positions as Hugging Face's LLaMA has them: each head of x [R, heads * d] is two halves (x1, x2), turned by the angles of its row
 * into (x1 cos - x2 sin, x2 cos + x1 sin). The tables are [R, d/2]. A rotation's adjoint is its inverse.
 */
export const rotary: OpRule<Rotary> = {
  shape: ([x, cos, sin]) => {
    const [rows, width] = matrix('rotary', x)
    const [angles, half] = matrix('rotary', alike('rotary', cos, sin))
    agree('rotary', 'the number of rows', rows, angles)
    divides('rotary', 2 * half, width)
    return x
  },
  flops: ([x]) => 3 * size(x),
  adjoint: (emit, [, cos, sin], { inverse }, dy) => [() => emit('rotary', [dy, cos, sin], { inverse: !inverse }), undefined, undefined],
  reference: ([x, cos, sin], { inverse }) => {
    const half = columnsOf(cos)
    return filled(x.shape, (i) => {
      const place = i % (2 * half)
      const angle = Math.floor(i / columnsOf(x)) * half + (place % half)
      const turn = inverse ? -at(sin, angle) : at(sin, angle)
      return at(x, i) * at(cos, angle) + (place < half ? -at(x, i + half) : at(x, i - half)) * turn
    })
  },
}
