import { llama, mlp, model, siglipVit } from '../../dsl/index.js'
import { growing } from './growing.js'

/**
 * LLaVA-OneVision's smallest: SigLIP so400m at 384 pixels and Qwen2 0.5B, with its biases, its shared key-value heads and its tied head.
 * One view of a picture (729 patches): the tiling of large pictures is not here. The feature is the output of block 26 of 27, as there.
 */
export const oneVision = model('one-vision-0.5b', {
  vision: siglipVit({ image: 384, patch: 14, width: 1152, layers: 27, heads: 16, ffn: 4304, layer: -2 }),
  connector: mlp({ depth: 2, activation: 'gelu' }),
  decoder: llama({
    vocab: 152_000,
    width: 896,
    layers: 24,
    heads: 14,
    kvHeads: 2,
    ffn: 4864,
    epsilon: 1e-6,
    positions: 32_768,
    tied: true,
    qkvBias: true,
    rope: { theta: 1_000_000 },
  }),
  ...growing,
})
