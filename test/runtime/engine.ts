import type { Device } from '../../compiler/targets/device.js'
import { conversations } from '../../coin/prompts.js'
import type { Tokenizer } from '../../models/tokenizer.js'
import type { Engine } from '../../runtime/engine.js'
import { silent } from '../../runtime/progress.js'

/** A tokenizer whose ids are the numbers of a text: `4 8` is [4, 8]. It begins with 1 and ends with 2. */
export const numbers: Tokenizer = {
  size: 1000,
  bos: 1,
  eos: 2,
  special: { image: 3 },
  encode: (text) => text.split(' ').map(Number),
  decode: (ids) => ids.join(' '),
  id: Number,
  token: String,
}

/** An engine that tells nobody, has no pictures, and speaks in numbers; `parts` say what else is wanted. */
export const engineOn = (device: Device, parts: Partial<Engine> = {}): Engine => ({
  device,
  processor: { tokenizer: numbers, form: conversations.plain, imageToken: 3, visualTokens: 4 },
  visuals: () => new Float32Array(),
  seed: 0,
  report: silent,
  ...parts,
})
