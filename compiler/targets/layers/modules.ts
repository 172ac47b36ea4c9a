import { parseSite } from '../../../dsl/index.js'
import { lowerConnector, visualTokens } from '../../lower/connector.js'
import { lowerDecoderLayer, lowerEmbedding, lowerHead, lowerLastNorm } from '../../lower/decoder.js'
import { alone, lowerExperts } from '../../lower/experts.js'
import { lowerVae } from '../../lower/locator.js'
import { lowerBlock, lowerFeatures, lowerPatches, patchCount, patchSize } from '../../lower/vision.js'
import { invariant } from '../../invariant.js'
import { names } from '../../plan/names.js'
import { type Module, type ModuleSpec, integers, parameter, rows, sample, table } from './module.js'

/** The modules that a model is built of. */
export type ModuleKind =
  | 'Connector'
  | 'DecoderLayer'
  | 'Head'
  | 'Norm'
  | 'PatchEmbedding'
  | 'TokenEmbedding'
  | 'VaeLocator'
  | 'VisionBlock'
  | 'VisionFeatures'

/** Tokens of a picture inside the tower: patches, and CLIP's class token. */
const towerTokens = ({ model: { vision } }: ModuleSpec): number => patchCount(vision) + (vision.kind === 'clip-vit' ? 1 : 0)

const visual = ({ model: { vision, connector } }: ModuleSpec): number => visualTokens(vision, connector)

const hidden = ({ model, length }: ModuleSpec) => rows('x', length, model.decoder.width)

export const modules: Readonly<Record<ModuleKind, Module>> = {
  PatchEmbedding: {
    inputs: ({ model: { vision } }) => [rows('patches', patchCount(vision), patchSize(vision))],
    output: (spec) => [towerTokens(spec), spec.model.vision.width],
    lower: (scope, { model }, batch, read) => lowerPatches(scope, model.vision, read('patches'), batch),
  },

  VisionBlock: {
    inputs: (spec) => [rows('x', towerTokens(spec), spec.model.vision.width)],
    output: (spec) => [towerTokens(spec), spec.model.vision.width],
    lower: (scope, { model, layer }, batch, read) => lowerBlock(scope, model.vision, read('x'), batch, layer),
  },

  VisionFeatures: {
    inputs: (spec) => [rows('x', towerTokens(spec), spec.model.vision.width)],
    output: ({ model: { vision } }) => [patchCount(vision), vision.width],
    lower: (scope, { model }, batch, read) => lowerFeatures(scope, model.vision, read('x'), batch),
  },

  Connector: {
    inputs: ({ model: { vision } }) => [rows('x', patchCount(vision), vision.width)],
    output: (spec) => [visual(spec), spec.model.decoder.width],
    lower: (scope, { model: { connector, vision } }, batch, read) => lowerConnector(scope, connector, vision, read('x'), batch),
  },

  TokenEmbedding: {
    inputs: (spec) => [
      integers('ids', spec.length),
      ...(spec.pictures ? [{ ...integers('places', spec.length), of: visual(spec) }, rows('visual', visual(spec), spec.model.decoder.width)] : []),
    ],
    output: ({ model, length }) => [length, model.decoder.width],
    shared: ({ model }) => (model.decoder.tied ? names.decoder.embedding : undefined),
    lower: (scope, { pictures }, _batch, read) =>
      lowerEmbedding(scope, read('ids'), ...(pictures ? [{ visual: read('visual'), places: read('places') }] : [])),
  },

  DecoderLayer: {
    inputs: (spec) => {
      const { length, model } = spec
      const angles = [length, model.decoder.headDim / 2]
      return [
        hidden(spec),
        table('cos', ...angles),
        table('sin', ...angles),
        integers('visible', length),
        ...(routed(spec) ? [integers('task', length)] : []),
      ]
    },
    output: ({ model, length }) => [length, model.decoder.width],
    lower: (scope, spec, batch, read) => {
      const { model, layer, tasks } = spec
      return lowerDecoderLayer(
        scope,
        model.decoder,
        read('x'),
        {
          batch,
          cos: read('cos'),
          sin: read('sin'),
          visible: read('visible'),
          remember: (_layer, _part, kept) => kept,
          adapt: routed(spec) ? lowerExperts(scope, model, { tasks, switches: false, task: read('task') }, () => undefined) : () => alone,
        },
        layer,
      )
    },
  },

  Norm: {
    inputs: (spec) => [hidden(spec)],
    output: ({ model, length }) => [length, model.decoder.width],
    lower: (scope, { model }, _batch, read) => lowerLastNorm(scope, model.decoder, read('x')),
  },

  Head: {
    inputs: (spec) => {
      const { vocab, width, tied } = spec.model.decoder
      return [hidden(spec), ...(tied ? [parameter(names.decoder.embedding, vocab, width)] : [])]
    },
    output: ({ model, length }) => [length, model.decoder.vocab],
    lower: (scope, { model }, _batch, read) => lowerHead(scope, model.decoder, read('x')),
  },

  VaeLocator: {
    inputs: (spec) => [sample('features', spec.model.decoder.width), sample('noise', vaeOf(spec).locator.latent)],
    output: () => [],
    lower: (scope, spec, _batch, read) => {
      const { locator, task } = vaeOf(spec)
      return lowerVae(scope, locator, task, read('features'), read('noise')).logLikelihood
    },
  },
}

/** Whether experts of a routed task sit in this layer of the decoder. */
const routed = ({ model, layer, tasks }: ModuleSpec): boolean =>
  model.sites.some(({ id, routers }) => parseSite(id).layer === layer && routers.some(({ task, sees }) => tasks.includes(task) && sees.length > 0))

const vaeOf = ({ model: { locator }, tasks: [task] }: ModuleSpec) => {
  invariant(locator?.kind === 'vae' && task !== undefined, 'a VaeLocator without a VAE')
  return { locator, task }
}
