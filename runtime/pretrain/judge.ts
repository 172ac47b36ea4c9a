import { captionProbe, probeKinds } from '../../coin/mini/captions/probes.js'
import { render } from '../../coin/mini/scenes/render.js'
import { bug } from '../../compiler/invariant.js'
import type { Tokenizer } from '../../models/tokenizer.js'
import { generate } from '../answer/generate.js'
import { type Processor, encode } from '../data/encode.js'
import { look } from '../data/look.js'
import { type Engine, withPrograms } from '../engine.js'
import type { Workshop } from './tower.js'

/** Probes of each kind. */
const count = 200

/** Percent of requests about unseen pictures that the base answers rightly, by what they ask for. */
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
    const prompts = probes.map(({ scene, request }, i) => {
      const sample = { id: `${i}`, question: request, answer: '', ...(scene === null ? {} : { image: { path: kind } }) }
      return encode(processor)(sample, scene === null ? null : sample.id, false)
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
