import * as E from 'fp-ts/lib/Either.js'
import {
  type Connector,
  type ConnectorActivation,
  type Decoder,
  decodeModel,
  type ModelSpec,
  type RopeScaling,
  showDiagnostics,
  type Vision,
  type VisionActivation,
} from '../../dsl/index.js'
import { isObject, type Json, type JsonObject } from '../../dsl/json.js'
import { type Fields, fieldsOf } from './fields.js'

/** How conversations with a model are written; `coin/prompts.ts` has the texts. LLaVA-1.5's is `vicuna-v1`, and what a folder without the setting means. */
export type Conversation = 'plain' | 'vicuna-v1'

/** What a `config.json` says: the architecture, the token that stands for a picture, and the form of conversations. */
export interface Configured {
  readonly model: ModelSpec
  readonly imageToken: number
  readonly conversation: Conversation
}

/**
 * The model that a `config.json` of a LLaVA model describes. Read are the long form of transformers 4 and 5 and the short one of the published
 * checkpoints, which leaves out whatever has its usual value. All that is wrong, or cannot be computed here, is told at once.
 */
export const modelOfConfig = (config: Json, name: string): E.Either<readonly string[], Configured> => {
  if (!isObject(config)) return E.left(['must be an object'])
  const problems: string[] = []
  const fields = fieldsOf(config, problems)
  if (fields.choice('model_type', { llava: true }, '(none)') === undefined) return E.left(problems)
  const decoder = decoderOf(fields)
  const vision = visionOf(fields)
  const connector = connectorOf(fields, decoder.width)
  const imageToken = fields.has('image_token_id') ? fields.number('image_token_id') : fields.number('image_token_index', 32000)
  if (problems.length > 0) return E.left(problems)
  const model = decodeModel({ format: 'cmoe/model/1', name: nameOf(config) ?? name, vision, connector, decoder, tasks: [], sites: [], locator: null })
  return E.isLeft(model) ? E.left([showDiagnostics(model.left)]) : E.right({ model: model.right, imageToken, conversation: conversationOf(config) })
}

/** Our own settings, in one object that Hugging Face ignores. */
export const ownKey = 'cmoe'

const conversationOf = (config: JsonObject): Conversation => {
  const own = config[ownKey]
  return isObject(own) && own['conversation'] === 'plain' ? 'plain' : 'vicuna-v1'
}

const nameOf = (config: JsonObject): string | undefined => {
  const own = config[ownKey]
  const name = isObject(own) ? own['name'] : undefined
  return typeof name === 'string' ? name : undefined
}

const visionActivations: Readonly<Record<string, VisionActivation>> = { quick_gelu: 'quick-gelu', gelu: 'gelu', gelu_pytorch_tanh: 'gelu-tanh' }

const connectorActivations: Readonly<Record<string, ConnectorActivation>> = { gelu: 'gelu', gelu_pytorch_tanh: 'gelu-tanh', relu: 'relu' }

/** Sizes that a tower has where its configuration leaves them out: those of its class, or of CLIP-L/14-336 where there is no `vision_config` at all. */
const towers = {
  clip: {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 32,
    hidden_act: 'quick_gelu',
    layer_norm_eps: 1e-5,
  },
  siglip: {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 16,
    hidden_act: 'gelu_pytorch_tanh',
    layer_norm_eps: 1e-6,
  },
  large: {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    image_size: 336,
    patch_size: 14,
    hidden_act: 'quick_gelu',
    layer_norm_eps: 1e-5,
  },
} as const

const visionOf = (config: Fields): Vision | undefined => {
  const tower = config.object('vision_config')
  const kind = tower.choice<Vision['kind']>('model_type', { clip_vision_model: 'clip-vit', siglip_vision_model: 'siglip-vit' }, 'clip_vision_model')
  const usual = kind === 'siglip-vit' ? towers.siglip : config.has('vision_config') ? towers.clip : towers.large
  tower.only('num_channels', 3)
  // The class token is no feature of CLIP's tower; SigLIP's has none, and dropping the first feature would drop a patch.
  if (kind === 'siglip-vit') {
    if (config.choice('vision_feature_select_strategy', { default: 'default', full: 'full' }, 'default') === 'default')
      config.complain('vision_feature_select_strategy', 'must be "full" with a SigLIP tower, which has no class token to drop')
  } else config.only('vision_feature_select_strategy', 'default')
  const layers = tower.size('num_hidden_layers', usual.num_hidden_layers)
  const layer = config.number('vision_feature_layer', -2)
  if (layer >= 0 || layer < -layers) config.complain('vision_feature_layer', `must lie between -1 and -${layers} here, is ${layer}`)
  const activation = tower.choice('hidden_act', visionActivations, usual.hidden_act)
  const sizes = {
    image: tower.size('image_size', usual.image_size),
    patch: tower.size('patch_size', usual.patch_size),
    width: tower.size('hidden_size', usual.hidden_size),
    layers,
    heads: tower.size('num_attention_heads', usual.num_attention_heads),
    ffn: tower.size('intermediate_size', usual.intermediate_size),
    epsilon: tower.number('layer_norm_eps', usual.layer_norm_eps),
    layer,
  }
  return kind === undefined || activation === undefined ? undefined : { kind, ...sizes, activation }
}

/** Hugging Face's projector has two layers of the decoder's width; what differs from that stands in our own settings. */
const connectorOf = (config: Fields, width: number): Connector | undefined => {
  config.only('multimodal_projector_bias', true)
  const activation = config.choice('projector_hidden_act', connectorActivations, 'gelu')
  const own = config.object(ownKey).object('connector')
  const sizes = { join: own.size('join', 1), depth: own.size('depth', 2), width: own.size('width', width) }
  return activation === undefined ? undefined : { kind: 'mlp', ...sizes, activation }
}

/** Where the decoder families that are read differ in what they leave out. */
const families = {
  llama: { num_key_value_heads: undefined, vocab_size: 32000, max_position_embeddings: 2048, intermediate_size: 11008, qkvBias: false },
  qwen2: { num_key_value_heads: 32, vocab_size: 151936, max_position_embeddings: 32768, intermediate_size: 22016, qkvBias: true },
} as const

const decoderOf = (config: Fields): Decoder => {
  const text = config.object('text_config')
  const family = text.choice('model_type', families, 'llama') ?? families.llama
  text.only('hidden_act', 'silu')
  text.only('attention_bias', false)
  text.only('mlp_bias', false)
  text.only('use_sliding_window', false)
  const width = text.size('hidden_size', 4096)
  const heads = text.size('num_attention_heads', 32)
  return {
    kind: 'llama',
    vocab: text.size('vocab_size', family.vocab_size),
    width,
    layers: text.size('num_hidden_layers', 32),
    heads,
    kvHeads: text.size('num_key_value_heads', family.num_key_value_heads ?? heads),
    headDim: text.size('head_dim', Math.floor(width / heads)),
    ffn: text.size('intermediate_size', family.intermediate_size),
    epsilon: text.number('rms_norm_eps', 1e-6),
    positions: text.size('max_position_embeddings', family.max_position_embeddings),
    tied: config.truth('tie_word_embeddings', false) || text.truth('tie_word_embeddings', false),
    qkvBias: family.qkvBias,
    rope: ropeOf(text),
  }
}

/** `rope_parameters` since transformers 5, `rope_theta` and `rope_scaling` before. */
const ropeOf = (text: Fields): Decoder['rope'] => {
  const scaling = text.object(text.has('rope_parameters') ? 'rope_parameters' : 'rope_scaling')
  const theta = text.has('rope_parameters') ? scaling.number('rope_theta', text.number('rope_theta', 10000)) : text.number('rope_theta', 10000)
  const kind = scaling.choice<'default' | RopeScaling['kind']>(
    scaling.has('rope_type') ? 'rope_type' : 'type',
    { default: 'default', linear: 'linear', llama3: 'llama3' },
    'default',
  )
  return { theta, scaling: kind === 'linear' || kind === 'llama3' ? scalings[kind](scaling) : null }
}

const scalings: { readonly [K in RopeScaling['kind']]: (fields: Fields) => RopeScaling } = {
  linear: (fields) => ({ kind: 'linear', factor: fields.number('factor') }),
  llama3: (fields) => ({
    kind: 'llama3',
    factor: fields.number('factor'),
    lowFrequency: fields.number('low_freq_factor'),
    highFrequency: fields.number('high_freq_factor'),
    original: fields.size('original_max_position_embeddings'),
  }),
}
