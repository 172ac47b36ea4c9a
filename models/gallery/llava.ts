import { clipVit, llama, mlp, model } from '../../dsl/index.js'
import { growing } from './growing.js'

/** CLIP ViT-L/14 at 336 pixels: 576 patches; the feature is the output of the last block but one. */
const clipLarge = clipVit({ image: 336, patch: 14, width: 1024, layers: 24, heads: 16 })

/** LLaVA-1.5 with Vicuna 7B, as in `llava-hf/llava-1.5-7b-hf`: the vocabulary's last 64 rows are the picture's token, the padding's, and filling. */
export const llava7b = model('llava-1.5-7b', {
  vision: clipLarge,
  connector: mlp({ depth: 2, activation: 'gelu' }),
  decoder: llama({ vocab: 32_064, width: 4096, layers: 32, heads: 32, ffn: 11_008 }),
  ...growing,
})

/** LLaVA-1.5 with Vicuna 13B, as in `llava-hf/llava-1.5-13b-hf`. */
export const llava13b = model('llava-1.5-13b', {
  vision: clipLarge,
  connector: mlp({ depth: 2, activation: 'gelu' }),
  decoder: llama({ vocab: 32_064, width: 5120, layers: 40, heads: 40, ffn: 13_824 }),
  ...growing,
})
