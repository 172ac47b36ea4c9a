import { experts, every, hierarchy, llama, lora, mlp, model, recommendedLocator, siglipVit } from '../dsl/index.js'
import type { Preprocessing } from './formats/preprocessor.js'

/**
 * A small LLaVA for MiniCoIN: 64-pixel pictures as 64 patches, joined to 16 visual tokens, and a decoder of four layers.
 * Its base is pre-trained on captions by `cmoe pretrain` and shipped in `models/mini`; experts may grow beside every up-projection.
 */
export const mini = model('mini', {
  vision: siglipVit({ image: 64, patch: 8, width: 128, layers: 4, heads: 4, activation: 'gelu-tanh' }),
  connector: mlp({ depth: 2, activation: 'gelu', join: 2, width: 256 }),
  decoder: llama({ vocab: 704, width: 128, layers: 4, heads: 4, kvHeads: 2, ffn: 352, positions: 512, tied: true }),
  experts: experts({ at: every('ffn.up'), count: 0, lora: lora({ rank: 8, alpha: 16 }) }),
  routing: hierarchy({ tasks: recommendedLocator }),
})

/** Pixels around zero, with a deviation of 64 grey levels. */
export const miniPreprocessing: Preprocessing = { mean: [0.5, 0.5, 0.5], deviation: [64 / 255, 64 / 255, 64 / 255], fit: 'pad' }
