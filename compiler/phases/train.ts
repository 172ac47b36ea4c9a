import type { ModelSpec } from '../../dsl/index.js'
import type { Routed } from '../lower/experts.js'
import { type OptimiserSpec, withAdamW } from '../lower/optimiser.js'
import type { Scope } from '../lower/scope.js'
import type { Program, Value } from '../program.js'
import { type BatchShape, lowerLabels, lowerSequences, sequenceProgram } from './batch.js'

export interface TrainShape extends BatchShape {
  /** Positions with a label, padding included: logits are computed there only. */
  readonly supervised: number
}

/**
 * The label-masked cross entropy of a batch, with the load-balance loss of what is routed. Inputs beside those of `lowerSequences`:
 * `rows`, `targets` [supervised] int32, `weights` [supervised] (1 / number of labels, 0 for padding), `valid` [rows] (1 for tokens, 0 for padding).
 */
export const lossProgram = (model: ModelSpec, shape: TrainShape, task: string | null, balance: number): Program =>
  sequenceProgram(model, (s) => {
    const { emit } = s
    const { hidden, routed } = lowerSequences(s, model, shape, { tasks: task === null ? [] : [task], switches: false })
    const losses = lowerLabels(s, model, hidden, shape.supervised)
    const crossEntropy = emit('sum', [emit('mul', [losses, s.input('weights', [shape.supervised])], {})], {})
    const loss =
      balance === 0 || routed.length === 0 ? crossEntropy : emit('add', [crossEntropy, balanceLoss(s, model, task, routed, balance, shape)], {})
    return { outputs: { loss, crossEntropy } }
  })

/** One training step of the named parameters. */
export const trainProgram = (
  model: ModelSpec,
  shape: TrainShape,
  task: string | null,
  balance: number,
  trained: ReadonlySet<string>,
  optimiser: OptimiserSpec,
): Program => withAdamW(trained, optimiser)(lossProgram(model, shape, task, balance))

/**
 * Held-out losses per labelled position and the gates of every site, for evidence. Inputs `switch.<site>` [experts] turn experts off (0) or leave them on (1).
 * Outputs `losses` [supervised], `gates.<site>` [rows, experts].
 */
export const evidenceProgram = (model: ModelSpec, shape: TrainShape, task: string): Program =>
  sequenceProgram(model, (s) => {
    const { hidden, routed } = lowerSequences(s, model, shape, { tasks: [task], switches: true })
    const gates = routed.map(({ site, gates }) => [`gates.${site}`, gates] as const)
    return { outputs: { losses: lowerLabels(s, model, hidden, shape.supervised), ...Object.fromEntries(gates) } }
  })

/** coefficient * mean over sites of E Σ_e f_e P_e (Switch Transformer, eq. 4; with the top k of the gate for top-k routers). */
const balanceLoss = (
  s: Scope,
  model: ModelSpec,
  task: string | null,
  routed: readonly Routed[],
  coefficient: number,
  { batch, length }: BatchShape,
): Value => {
  const valid = s.input('valid', [batch * length])
  const terms = routed.map(({ site, logits }) => s.emit('balance', [logits, valid], gateOf(model, site, task)))
  return s.emit('scale', [terms.reduce((a, b) => s.emit('add', [a, b], {}))], { by: coefficient / routed.length })
}

const gateOf = (model: ModelSpec, id: string, task: string | null): { readonly k: number; readonly temperature: number } => {
  const gate = model.sites.find((site) => site.id === id)?.routers.find((router) => router.task === task)?.gate
  return { k: gate?.kind === 'top-k' ? gate.k : 1, temperature: gate?.temperature ?? 1 }
}
