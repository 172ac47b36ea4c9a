import { llama, mlp, model, siglipVit } from '../../dsl/index.js'
import { growing } from './growing.js'

/**
 * A model that a laptop trains: SmolLM2 135M behind SigLIP base at 512 pixels, joined 4 x 4 to 64 visual tokens, in the sizes of SmolVLM 256M.
 * Its connector is one linear layer; SmolVLM's has no bias, which is one that stays zero.
 */
export const smol = model('smol-256m', {
  vision: siglipVit({ image: 512, patch: 16, width: 768, layers: 12, heads: 12 }),
  connector: mlp({ depth: 1, join: 4 }),
  decoder: llama({
    vocab: 49_280,
    width: 576,
    layers: 30,
    heads: 9,
    kvHeads: 3,
    ffn: 1536,
    positions: 8192,
    rope: { theta: 100_000 },
  }),
  ...growing,
})
