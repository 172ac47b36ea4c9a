import type { TrainingSpec } from '../../dsl/index.js'
import { differentiate } from '../differentiate.js'
import { invariant } from '../invariant.js'
import { names } from '../plan/names.js'
import { type Emit, type Program, type Value, program, valueOf } from '../program.js'

/** What AdamW is told; the learning rate and the decay come with every step. */
export interface OptimiserSpec {
  readonly betas: readonly [number, number]
  readonly epsilon: number
  /** The largest global norm of the gradients; null: none. */
  readonly clip: number | null
}

/** What a training spec tells AdamW; there a clip of 0 clips nothing. */
export const optimiserOf = ({ betas, epsilon, clip }: Pick<TrainingSpec, 'betas' | 'epsilon' | 'clip'>): OptimiserSpec => ({
  betas,
  epsilon,
  clip: clip === 0 ? null : clip,
})

/**
 * A step of AdamW on the parameters in `trained`, written behind a program that has the scalar output `loss`:
 * gradients, their clipping by global norm, moments, and the decoupled decay, all in one program (Loshchilov and Hutter 2019; torch.optim.AdamW).
 * The input `hyper` holds [learning rate, learning rate * weight decay, 1 - beta1^t, 1 - beta2^t].
 */
export const withAdamW =
  (trained: ReadonlySet<string>, { betas, epsilon, clip }: OptimiserSpec) =>
  (forward: Program): Program => {
    const { program: differentiated, gradients } = differentiate('loss', trained)(forward)
    return program((emit) => {
      const raw = Object.entries(gradients).map(([name, node]) => [name, valueOf(differentiated, node)] as const)
      const norm = sumOf(
        emit,
        raw.map(([, gradient]) => emit('sum', [emit('map', [gradient], { f: 'square' })], {})),
      )
      const factor = clip === null ? undefined : emit('clipFactor', [norm], { max: clip })
      const hyper = emit('input', [], { name: 'hyper', shape: [4], dtype: 'float32' })
      const updates = raw.flatMap(([name, gradient]) => {
        const leaf = (of: string) => emit('parameter', [], { name: of, shape: gradient.shape })
        const g = factor === undefined ? gradient : emit('scaleBy', [gradient, factor], {})
        const m = emit('ema', [leaf(names.firstMoment(name)), g], { beta: betas[0] })
        const v = emit('emaSquare', [leaf(names.secondMoment(name)), g], { beta: betas[1] })
        const p = emit('adamW', [parameterOf(differentiated, name), m, v, hyper], { epsilon })
        return [
          [names.firstMoment(name), m],
          [names.secondMoment(name), v],
          [name, p],
        ] as const
      })
      return { writes: Object.fromEntries(updates), outputs: { gradientNorm: norm } }
    }, differentiated)
  }

const sumOf = (emit: Emit, values: readonly Value[]): Value => {
  invariant(values.length > 0, 'nothing is trained')
  return values.reduce((a, b) => emit('add', [a, b], {}))
}

const parameterOf = (p: Program, name: string): Value => {
  const node = p.nodes.findIndex((n) => n.op === 'parameter' && n.attributes.name === name)
  return valueOf(p, node)
}
