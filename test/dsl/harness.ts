import * as E from 'fp-ts/lib/Either.js'
import {
  type Checked,
  type Diagnostics,
  type ModelSpec,
  clipVit,
  every,
  experts,
  hierarchy,
  llama,
  lora,
  mlp,
  model,
  printPath,
  showDiagnostics,
  topK,
  vae,
} from '../../dsl/index.js'

/** A small model with two tasks and two experts at each of its four sites. */
export const mini: ModelSpec = model('mini', {
  vision: clipVit({ image: 32, patch: 8, width: 96, layers: 3, heads: 3 }),
  connector: mlp({ depth: 2, activation: 'gelu' }),
  decoder: llama({ vocab: 512, width: 128, layers: 4, heads: 4, kvHeads: 2, ffn: 352 }),
  tasks: ['ocr', 'gqa'],
  experts: experts({ at: every('ffn.up'), count: 2, lora: lora({ rank: 8, alpha: 16 }) }),
  routing: hierarchy({ tasks: vae({ hidden: 32, latent: 8 }), experts: topK(2) }),
})

/** Code and place of every diagnostic. */
export const places = (found: Diagnostics): readonly (readonly [string, string])[] => found.map(({ code, path }) => [code, printPath(path)])

export const right = <A>(result: Checked<A>): A => {
  if (E.isLeft(result)) throw new Error(showDiagnostics(result.left))
  return result.right
}

/** What was wrong; nothing where nothing was. */
export const wrongs = (result: Checked<unknown>): Diagnostics => (E.isLeft(result) ? result.left : [])
