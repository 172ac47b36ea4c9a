import { type LayersModel, type SymbolicTensor, input as symbolicInput, model as layersModel } from '@tensorflow/tfjs-layers'
import { type ModelSpec, parseSite } from '../../../dsl/index.js'
import { blockCount } from '../../lower/vision.js'
import { names } from '../../plan/names.js'
import { parameters } from '../../plan/parameters.js'
import { moduleArguments, moduleLayers } from './layer.js'
import type { ModuleSpec } from './module.js'
import { type ModuleKind, modules } from './modules.js'
import { type LayerWeights, layerWeights } from './weights.js'

export interface LayersOptions {
  /** Tokens a sequence, padding included. */
  readonly length: number
  /** Samples a call; open if not said. */
  readonly batch?: number
  /** Pictures come as `patches` (if not said), as `visual` tokens that were computed before, or not at all. */
  readonly pictures?: 'none' | 'patches' | 'visual'
  /** The tasks that rows may be routed by, in the order of their numbers in the input `task`; all of the model's if not said. */
  readonly tasks?: readonly string[]
  /** The parameters that are trained; the newest task's experts and routers if not said. */
  readonly trained?: ReadonlySet<string>
  /** Where the weights are; new ones, started as the plan says, if not said. Models that are given the same ones share them. */
  readonly weights?: LayerWeights
}

/** The experts and routers of the task that came last: all that a grown model trains. */
export const newestTask = (model: ModelSpec): ReadonlySet<string> => {
  const task = model.tasks.at(-1)?.id
  return new Set(
    model.sites.flatMap(({ id, experts, routers }) => [
      ...experts
        .filter((expert) => expert.task === task)
        .flatMap((expert) => (['A', 'B'] as const).map((factor) => names.expert(id, expert.id, factor))),
      ...routers.filter((router) => router.task === task).map((router) => names.router(id, router.task)),
    ]),
  )
}

/**
 * A model as tf.layers: one registered layer a module. Its inputs are those of the program, by sample: `ids`, `visible` [length], `cos`, `sin` [length, headDim / 2],
 * `task` [length] where rows are routed; `patches` [P, 3 * patch²] or `visual` [tokens, width], and `places` [length], counted in the sample's own visual tokens.
 * Its output is the logits [length, vocab].
 */
export const toLayersModel = (model: ModelSpec, options: LayersOptions): LayersModel => {
  const { pictures = 'patches' } = options
  const { add, inputs } = builder(model, options)
  const tokens = pictures === 'patches' ? { visual: tower(model, add) } : {}
  const [embedded, table] = add('TokenEmbedding', 'embedding', 0, tokens)
  const hidden = repeat(model.decoder.layers, embedded, (x, layer) => add('DecoderLayer', `decoder_${layer}`, layer, { x })[0])
  const [normed] = add('Norm', 'norm', 0, { x: hidden })
  const [logits] = add('Head', 'head', 0, { x: normed, ...(table === undefined ? {} : { [names.decoder.embedding]: table }) })
  return layersModel({ name: 'cmoe', inputs: [...inputs()], outputs: logits })
}

/** The entry of a task in a VAE locator's bank as tf.layers: `features` [width] and `noise` [latent] to the log-likelihood of each sample. */
export const toLocatorModel = (model: ModelSpec, task: string, options: Pick<LayersOptions, 'batch' | 'trained' | 'weights'> = {}): LayersModel => {
  const { add, inputs } = builder(model, { ...options, length: 1, tasks: [task] })
  const [logLikelihood] = add('VaeLocator', 'locator', 0, {})
  return layersModel({ name: 'cmoe_locator', inputs: [...inputs()], outputs: logLikelihood })
}

type Add = (kind: ModuleKind, name: string, layer: number, of: Readonly<Record<string, SymbolicTensor>>) => readonly [SymbolicTensor, SymbolicTensor?]

/** Adds layers to a graph; what a layer reads and is not given becomes an input of the model, once a name. */
const builder = (model: ModelSpec, options: LayersOptions): { readonly add: Add; readonly inputs: () => readonly SymbolicTensor[] } => {
  const { length, batch, pictures, weights = layerWeights(), tasks = model.tasks.map(({ id }) => id), trained = newestTask(model) } = options
  const inputs = new Map<string, SymbolicTensor>()
  const specOf = (layer: number): ModuleSpec => ({ model, layer, length, tasks, pictures: pictures !== 'none', trained: [...trained] })
  const add: Add = (kind, name, layer, of) => {
    const spec = narrowed(kind, specOf(layer))
    const read = modules[kind].inputs(spec).map(({ name: port, shape, dtype }) => {
      const given = of[port] ?? inputs.get(port) ?? symbolicInput({ name: port, batchShape: [batch ?? null, ...shape], dtype })
      if (of[port] === undefined) inputs.set(port, given)
      return given
    })
    const Layer = moduleLayers[kind]
    const output = new Layer(moduleArguments(name, spec, weights)).apply(read)
    return asSymbols(output)
  }
  return { add, inputs: () => [...inputs.values()] }
}

/** tfjs types what apply returns by neither what it was given nor how many there are. */
const asSymbols = (output: unknown): readonly [SymbolicTensor, SymbolicTensor?] =>
  (Array.isArray(output) ? output : [output]) as unknown as readonly [SymbolicTensor, SymbolicTensor?]

/** A spec that names only what its layer reads, so that a layer's config stays small and says no more than the layer depends on. */
const narrowed = (kind: ModuleKind, spec: ModuleSpec): ModuleSpec => {
  const { model, layer, trained } = spec
  const sites = kind === 'DecoderLayer' ? model.sites.filter(({ id }) => parseSite(id).layer === layer) : []
  const own = { ...model, sites, locator: kind === 'VaeLocator' ? model.locator : null }
  const table = parameters(own)
  return { ...spec, model: own, trained: trained.filter((name) => table.has(name)) }
}

/** Pictures to visual tokens. */
const tower = (model: ModelSpec, add: Add): SymbolicTensor => {
  const [patches] = add('PatchEmbedding', 'patches_embedding', 0, {})
  const hidden = repeat(blockCount(model.vision), patches, (x, layer) => add('VisionBlock', `vision_${layer}`, layer, { x })[0])
  const [features] = add('VisionFeatures', 'vision_features', 0, { x: hidden })
  return add('Connector', 'connector', 0, { x: features })[0]
}

const repeat = <A>(times: number, from: A, step: (a: A, i: number) => A): A => {
  let a = from
  for (let i = 0; i < times; i++) a = step(a, i)
  return a
}
