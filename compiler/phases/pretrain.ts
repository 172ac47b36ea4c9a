import type { ModelSpec, Vision } from '../../dsl/index.js'
import { lowerConnector } from '../lower/connector.js'
import { linear } from '../lower/linear.js'
import { type OptimiserSpec, withAdamW } from '../lower/optimiser.js'
import { type Scope, scope } from '../lower/scope.js'
import { lowerVision, patchCount, patchSize } from '../lower/vision.js'
import type { Parameter, ParameterTable } from '../plan/parameter.js'
import { parameters } from '../plan/parameters.js'
import { type Program, type Value, program } from '../program.js'
import { lowerLabels, lowerSequences, sequenceProgram } from './batch.js'
import type { TrainShape } from './train.js'

/** A head that names something of every patch while the tower is taught; thrown away afterwards. */
export interface DenseHead {
  readonly name: string
  readonly classes: number
}

const owner = { kind: 'base', part: 'vision' } as const

/** The heads, and the whitening of the patches (x - mean) W that is folded into the patch embedding in the end. */
export const towerExtras = (vision: Vision, heads: readonly DenseHead[]): readonly Parameter[] => {
  const pixels = patchSize(vision)
  return [
    ...heads.flatMap(({ name, classes }): readonly Parameter[] => [
      { name: `pretrain.${name}.weight`, shape: [classes, vision.width], owner, initial: { kind: 'normal', deviation: vision.width ** -0.5 } },
      { name: `pretrain.${name}.bias`, shape: [classes], owner, initial: { kind: 'zeros' } },
    ]),
    { name: whitening.weight, shape: [pixels, pixels], owner, initial: { kind: 'zeros' } },
    { name: whitening.bias, shape: [pixels], owner, initial: { kind: 'zeros' } },
  ]
}

export const whitening = { weight: 'pretrain.whiten.weight', bias: 'pretrain.whiten.bias' } as const

const withExtras = (model: ModelSpec, heads: readonly DenseHead[]): ParameterTable =>
  new Map([...parameters(model), ...towerExtras(model.vision, heads).map((parameter) => [parameter.name, parameter] as const)])

/**
 * One step of teaching the tower what lies in each patch. Inputs: `patches`, and per head `labels.<name>` [pictures * P] int32;
 * `weights` [pictures * P] weighs the patches (background little) and sums to 1. Outputs `loss`, `losses.<head>`.
 */
export const towerProgram = (
  model: ModelSpec,
  pictures: number,
  heads: readonly DenseHead[],
  trained: ReadonlySet<string>,
  optimiser: OptimiserSpec,
): Program =>
  withAdamW(
    trained,
    optimiser,
  )(
    program((emit) => {
      const s = scope(emit, withExtras(model, heads))
      const rows = pictures * patchCount(model.vision)
      const features = lowerVision(s, model.vision, whitened(s, model.vision, rows), pictures)
      const weights = s.input('weights', [rows])
      const losses = heads.map(({ name }) => {
        const perPatch = emit('crossEntropy', [linear(s, `pretrain.${name}`, features), s.input(`labels.${name}`, [rows], 'int32')], {})
        return emit('sum', [emit('mul', [perPatch, weights], {})], {})
      })
      const loss = losses.reduce((a, b) => emit('add', [a, b], {}))
      return { outputs: { loss, ...Object.fromEntries(losses.map((value, i) => [`losses.${heads[i]?.name}`, value])) } }
    }),
  )

const whitened = (s: Scope, vision: Vision, rows: number): Value => {
  const patches = s.input('patches', [rows, patchSize(vision)])
  return linear(s, 'pretrain.whiten', patches)
}

/** The classes that the heads give to every patch: outputs `logits.<head>` [pictures * P, classes]. */
export const towerScoresProgram = (model: ModelSpec, pictures: number, heads: readonly DenseHead[]): Program =>
  program((emit) => {
    const s = scope(emit, withExtras(model, heads))
    const features = lowerVision(s, model.vision, whitened(s, model.vision, pictures * patchCount(model.vision)), pictures)
    return { outputs: Object.fromEntries(heads.map(({ name }) => [`logits.${name}`, linear(s, `pretrain.${name}`, features)])) }
  })

/** One step of teaching connector and decoder to describe pictures, on the frozen tower: inputs of `trainProgram` with `patches` in place of `visual`. */
export const captionProgram = (model: ModelSpec, shape: TrainShape, trained: ReadonlySet<string>, optimiser: OptimiserSpec): Program =>
  withAdamW(
    trained,
    optimiser,
  )(
    sequenceProgram(model, (s) => {
      const { emit } = s
      const patches = s.input('patches', [shape.pictures * patchCount(model.vision), patchSize(model.vision)])
      const features = lowerVision(s, model.vision, patches, shape.pictures)
      const visual = lowerConnector(s, model.connector, model.vision, features, shape.pictures)
      const { hidden } = lowerSequences(s, model, shape, { tasks: [], switches: false, visual })
      const losses = lowerLabels(s, model, hidden, shape.supervised)
      return { outputs: { loss: emit('sum', [emit('mul', [losses, s.input('weights', [shape.supervised])], {})], {}) } }
    }),
  )
