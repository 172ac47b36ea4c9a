import { captionProbe, probeKinds } from '../../coin/mini/captions/probes.js'
import { render } from '../../coin/mini/scenes/render.js'
import { bug } from '../../compiler/invariant.js'
import type { Tokenizer } from '../../models/tokenizer.js'
import { generate } from '../answer/generate.js'
import { type Encoded, type Processor, encode } from '../data/encode.js'
import { look } from '../data/look.js'
import { type Engine, withPrograms } from '../engine.js'
import type { Workshop } from './tower.js'

/** Caption probes of each kind. */
const count = 200

/** Percent of unseen captions, stopped where only one thing can follow, that the base continues rightly. */
export const judgeCaptions = async (workshop: Workshop, processor: Processor): Promise<Readonly<Record<string, number>>> => {
  const { device, model, preprocessing, settings, report, pack } = workshop
  const { tokenizer } = processor
  const accuracies: [string, number][] = []
  for (const kind of probeKinds) {
    const probes = Array.from({ length: count }, (_, i) => captionProbe(kind, i, settings.seed))
    const pictures = new Map(probes.flatMap(({ scene }, i) => (scene === null ? [] : [[`${i}`, render(pack, scene)] as const])))
    const visuals = await look(device, model, preprocessing, pictures)
    const engine: Engine = {
      device,
      processor,
      seed: settings.seed,
      report,
      visuals: (picture) => visuals.get(picture) ?? bug(`nobody has looked at the picture ${picture}`),
    }
    const prompts = probes.map(({ scene, request, prefix }, i): Encoded => {
      const sample = { id: `${i}`, question: request, answer: prefix, ...(scene === null ? {} : { image: { path: kind } }) }
      const begun = encode(processor)(sample, scene === null ? null : sample.id, prefix !== '')
      // The reply goes on, so its end token is taken away.
      const end = prefix === '' ? begun.ids.length : begun.ids.length - 1
      return { ...begun, ids: begun.ids.subarray(0, end), answer: new Uint8Array(end) }
    })
    const wanted = probes.map(({ expected }) => tokenizer.decode(tokenizer.encode(expected)))
    const limit = Math.max(...probes.map(({ expected }) => tokenizer.encode(expected).length))
    const answers = await withPrograms(device, (programs) => generate(engine, model, programs, null, prompts, limit))
    const right = answers.filter((answer, i) => startsWith(tokenizer, answer, wanted[i] ?? '')).length
    accuracies.push([kind, (100 * right) / count])
  }
  return Object.fromEntries(accuracies)
}

/** Whether an answer begins with the tokens that are wanted. */
const startsWith = (tokenizer: Tokenizer, answer: string, wanted: string): boolean => {
  const [given, expected] = [tokenizer.encode(answer), tokenizer.encode(wanted)]
  return expected.every((token, i) => given[i] === token)
}
