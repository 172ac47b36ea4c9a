import * as E from 'fp-ts/lib/Either.js'
import { vocabulary } from '../../coin/mini/vocabulary.js'
import { bug } from '../../compiler/invariant.js'
import { type Tokenizer, tokenizerOf } from '../../models/tokenizer.js'
import { type TokenizerFiles, wordTokenizer } from '../../models/tokenizer-words.js'

/** The base model's tokenizer: MiniCoIN's closed vocabulary and the speakers' marks, a token each; anything else is spelt in bytes. */
export const miniTokenizer = (): { readonly files: TokenizerFiles; readonly tokenizer: Tokenizer; readonly imageToken: number } => {
  const told = (message: string): never => bug(message)
  const files = E.getOrElse<string, TokenizerFiles>(told)(
    wordTokenizer({ words: ['USER', 'ASSISTANT', ...vocabulary.words], glued: vocabulary.glued }),
  )
  const tokenizer = E.getOrElse<string, Tokenizer>(told)(tokenizerOf(files.tokenizer, files.config))
  return { files, tokenizer, imageToken: tokenizer.special.image ?? bug('the mini tokenizer has no mark for a picture') }
}
