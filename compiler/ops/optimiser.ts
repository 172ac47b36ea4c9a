import { size } from '../shape.js'
import { alike, notDifferentiable, scalar } from './check.js'
import { at, filled } from './dense.js'
import type { OpRule } from './rule.js'

export interface Average {
  readonly arity: 2
  readonly attributes: { readonly beta: number }
}

/** The running mean of a gradient: beta m + (1 - beta) g. */
export const ema: OpRule<Average> = {
  shape: ([m, g]) => alike('ema', m, g),
  flops: ([m]) => 3 * size(m),
  adjoint: notDifferentiable('ema'),
  inPlace: [0],
  reference: ([m, g], { beta }) => filled(m.shape, (i) => beta * at(m, i) + (1 - beta) * at(g, i)),
}

/** The running mean of a gradient's square: beta v + (1 - beta) g². */
export const emaSquare: OpRule<Average> = {
  shape: ([v, g]) => alike('emaSquare', v, g),
  flops: ([v]) => 4 * size(v),
  adjoint: notDifferentiable('emaSquare'),
  inPlace: [0],
  reference: ([v, g], { beta }) => filled(v.shape, (i) => beta * at(v, i) + (1 - beta) * at(g, i) ** 2),
}

export interface AdamW {
  readonly arity: 4
  readonly attributes: { readonly epsilon: number }
}

/**
 * The updated parameter from p, its slots m and v, and the step's numbers s = [rate, rate * decay, 1 - beta1^t, 1 - beta2^t], as torch does it:
 * p (1 - s1) - s0 (m / s2) / (sqrt(v / s3) + epsilon). The numbers come as a tensor because they change from step to step.
 */
export const adamW: OpRule<AdamW> = {
  shape: ([p, m, v, s]) => {
    alike('adamW', s, [4])
    return alike('adamW', p, m, v)
  },
  flops: ([p]) => 8 * size(p),
  adjoint: notDifferentiable('adamW'),
  inPlace: [0],
  reference: ([p, m, v, s], { epsilon }) =>
    filled(p.shape, (i) => at(p, i) * (1 - at(s, 1)) - (at(s, 0) * (at(m, i) / at(s, 2))) / (Math.sqrt(at(v, i) / at(s, 3)) + epsilon)),
}

export interface ClipFactor {
  readonly arity: 1
  readonly attributes: { readonly max: number }
}

/** What brings a gradient of squared norm n2 down to the norm `max`, as torch's clip_grad_norm_: min(1, max / (sqrt(n2) + 1e-6)). */
export const clipFactor: OpRule<ClipFactor> = {
  shape: ([n2]) => scalar('clipFactor', n2),
  flops: () => 4,
  adjoint: notDifferentiable('clipFactor'),
  reference: ([n2], { max }) => filled([], () => Math.min(1, max / (Math.sqrt(at(n2, 0)) + 1e-6))),
}
