import type { ConnectorActivation, Decoder, ModelSpec, RopeScaling, Vision, VisionActivation } from '../../dsl/index.js'
import type { Json } from '../../dsl/json.js'
import { type Conversation, ownKey } from './config.js'

/** The tokens that a configuration names. */
export interface ConfigTokens {
  readonly image: number
  readonly bos: number
  readonly eos: number
  readonly pad: number
}

/** The `config.json` of a model's base, in the form that transformers 4 and 5 both read. Experts, routers and locators have files of their own. */
export const configOf = (model: ModelSpec, tokens: ConfigTokens, conversation: Conversation): Json => ({
  architectures: ['LlavaForConditionalGeneration'],
  model_type: 'llava',
  torch_dtype: 'float32',
  image_token_index: tokens.image,
  image_seq_length: (Math.floor(model.vision.image / model.vision.patch) / model.connector.join) ** 2,
  multimodal_projector_bias: true,
  projector_hidden_act: connectorActivation[model.connector.activation],
  tie_word_embeddings: model.decoder.tied,
  vision_feature_layer: model.vision.layer,
  vision_feature_select_strategy: model.vision.kind === 'clip-vit' ? 'default' : 'full',
  vision_config: visionConfig(model.vision),
  text_config: textConfig(model.decoder, tokens),
  [ownKey]: ownSettings(model, conversation),
})

const activation: Readonly<Record<VisionActivation, string>> = { 'quick-gelu': 'quick_gelu', gelu: 'gelu', 'gelu-tanh': 'gelu_pytorch_tanh' }

const connectorActivation: Readonly<Record<ConnectorActivation, string>> = { gelu: 'gelu', 'gelu-tanh': 'gelu_pytorch_tanh', relu: 'relu' }

const modelType: Readonly<Record<Vision['kind'], string>> = { 'clip-vit': 'clip_vision_model', 'siglip-vit': 'siglip_vision_model' }

const visionConfig = (vision: Vision): Json => ({
  model_type: modelType[vision.kind],
  hidden_size: vision.width,
  intermediate_size: vision.ffn,
  num_hidden_layers: vision.layers,
  num_attention_heads: vision.heads,
  num_channels: 3,
  image_size: vision.image,
  patch_size: vision.patch,
  hidden_act: activation[vision.activation],
  layer_norm_eps: vision.epsilon,
  ...(vision.kind === 'siglip-vit' ? { vision_use_head: false } : {}),
})

const textConfig = (decoder: Decoder, tokens: ConfigTokens): Json => ({
  model_type: decoder.qkvBias ? 'qwen2' : 'llama',
  vocab_size: decoder.vocab,
  hidden_size: decoder.width,
  intermediate_size: decoder.ffn,
  num_hidden_layers: decoder.layers,
  num_attention_heads: decoder.heads,
  num_key_value_heads: decoder.kvHeads,
  head_dim: decoder.headDim,
  hidden_act: 'silu',
  rms_norm_eps: decoder.epsilon,
  max_position_embeddings: decoder.positions,
  tie_word_embeddings: decoder.tied,
  rope_theta: decoder.rope.theta,
  rope_scaling: decoder.rope.scaling === null ? null : scaling(decoder.rope.scaling),
  bos_token_id: tokens.bos,
  eos_token_id: tokens.eos,
  pad_token_id: tokens.pad,
})

const scaling = (rope: RopeScaling): Json =>
  rope.kind === 'linear'
    ? { rope_type: 'linear', factor: rope.factor }
    : {
        rope_type: 'llama3',
        factor: rope.factor,
        low_freq_factor: rope.lowFrequency,
        high_freq_factor: rope.highFrequency,
        original_max_position_embeddings: rope.original,
      }

const ownSettings = ({ name, connector: { join, depth, width } }: ModelSpec, conversation: Conversation): Json => ({
  name,
  conversation,
  connector: { join, depth, width },
})
