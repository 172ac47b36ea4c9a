import { captionProgram } from '../../compiler/phases/pretrain.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { optimiserOf } from '../../compiler/lower/optimiser.js'
import { owned } from '../../compiler/compile.js'
import { permutation, random } from '../../compiler/plan/random.js'
import { type Tensors, scalarOf } from '../../compiler/targets/device.js'
import { paddingOf, trainingInputs } from '../data/batch.js'
import type { Processor } from '../data/encode.js'
import { byLength } from '../data/lengths.js'
import { picturePatches } from '../data/pictures.js'
import { withPrograms } from '../engine.js'
import { type Keeper, descend } from '../learn/descend.js'
import { neighbourhood } from '../learn/order.js'
import { step as progressed } from '../progress.js'
import { type Corpus, type Told, toldSample } from './corpus.js'
import type { Workshop } from './tower.js'

/** Second and third stage: on the frozen tower, connector and decoder learn to say what a corpus says of pictures. Returns the loss of every step. */
export const teachToTell = (
  workshop: Workshop,
  processor: Processor,
  name: 'captions' | 'lessons',
  corpus: Corpus,
  keeper?: Keeper,
): Promise<readonly number[]> => {
  const { device, model, settings, report, pack } = workshop
  const { [name]: training, seed } = settings
  const { batch } = training
  const steps = training.steps ?? 0
  const trained = owned(model, (owner) => owner.kind === 'base' && owner.part !== 'vision')
  const batchAt = batchesOf(name, toldSample(pack, processor, corpus), seed, batch)
  return withPrograms(device, (programs) =>
    descend(
      {
        store: device.store,
        trained,
        training,
        steps,
        step: async (step, hyper) => {
          const samples = batchAt(step)
          const padding = paddingOf(
            samples.map(({ encoded }) => encoded),
            batch,
          )
          const executable = programs.get(`${padding.length} ${padding.supervised}`, () =>
            captionProgram(model, { ...padding, pictures: batch }, trained, optimiserOf(training)),
          )
          return scalarOf(await executable.run({ ...captionInputs(workshop, samples, padding), hyper }), 'loss')
        },
        onStep: (done, loss) => report(progressed(done, { loss })),
      },
      keeper,
    ),
  )
}

/** The batch of each step: the samples of a neighbourhood sorted by length, cut into batches, and those shuffled. A function of the seed and the step alone. */
const batchesOf = (name: string, read: (index: number, seed: number) => Told, seed: number, batch: number): ((step: number) => readonly Told[]) => {
  let current = { chunk: -1, batches: [] as readonly (readonly Told[])[] }
  return (step) => {
    const chunk = Math.floor(step / neighbourhood)
    if (chunk !== current.chunk) {
      const samples = Array.from({ length: neighbourhood * batch }, (_, i) => read(chunk * neighbourhood * batch + i, seed))
      const sorted = [...samples.keys()].sort(byLength(samples.map(({ encoded }) => encoded.ids.length))).flatMap((i) => samples[i] ?? [])
      const order = permutation(random(seed, `${name}/${chunk}`), neighbourhood)
      current = { chunk, batches: Array.from(order, (i) => sorted.slice(i * batch, (i + 1) * batch)) }
    }
    return current.batches[step % neighbourhood] ?? []
  }
}

/** The inputs of a batch: those of training, with the pictures' patches in place of visual tokens. */
const captionInputs = ({ model, preprocessing }: Workshop, samples: readonly Told[], padding: Parameters<typeof trainingInputs>[1]): Tensors => {
  const { vision, connector, decoder } = model
  const tokens = visualTokens(vision, connector)
  const nothing = new Float32Array(tokens * decoder.width)
  const inputs = trainingInputs(
    { decoder, tokens, route: -1, visuals: () => nothing },
    padding,
    samples.map(({ encoded }) => encoded),
  )
  const patches = picturePatches(
    vision,
    preprocessing,
    samples.map(({ pixels }) => pixels),
    padding.batch,
  )
  return { ...inputs, patches }
}
