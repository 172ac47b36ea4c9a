import { captionProgram } from '../../compiler/phases/pretrain.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { patchCount } from '../../compiler/lower/vision.js'
import { owned } from '../../compiler/compile.js'
import type { Tensors } from '../../compiler/targets/device.js'
import { trainingInputs } from '../data/batch.js'
import type { Wording } from '../data/encode.js'
import { writePatches } from '../data/pictures.js'
import { withPrograms } from '../engine.js'
import { type Keeper, descend } from '../learn/descend.js'
import { paddingOf } from '../learn/train.js'
import { step as progressed } from '../progress.js'
import { type Captioned, captionedSample } from './corpus.js'
import type { Workshop } from './tower.js'

/** Second stage: connector and decoder learn to describe pictures, on the frozen tower. Returns the loss of every step. */
export const teachCaptions = (workshop: Workshop, wording: Wording, keeper?: Keeper): Promise<readonly number[]> => {
  const { device, model, settings, report, pack } = workshop
  const { captions, seed } = settings
  const { betas, epsilon, clip, batch } = captions
  const steps = captions.steps ?? 0
  const trained = owned(model, (owner) => owner.kind === 'base' && owner.part !== 'vision')
  const read = captionedSample(pack, wording)
  return withPrograms(device, (programs) =>
    descend(
      {
        store: device.store,
        trained,
        training: captions,
        steps,
        step: async (step, hyper) => {
          const samples = Array.from({ length: batch }, (_, i) => read(step * batch + i, seed))
          const padding = paddingOf(
            samples.map(({ encoded }) => encoded),
            batch,
          )
          const executable = programs.get(`${padding.length} ${padding.supervised}`, () =>
            captionProgram(model, { ...padding, pictures: batch }, trained, { betas, epsilon, clip }),
          )
          const { loss } = await executable.run({ ...captionInputs(workshop, samples, padding), hyper })
          return loss?.data[0] ?? Number.NaN
        },
        onStep: (done, loss) => report(progressed(done, { loss })),
      },
      keeper,
    ),
  )
}

/** The inputs of a caption batch: those of training, with the pictures' patches in place of visual tokens. */
const captionInputs = ({ model, preprocessing }: Workshop, samples: readonly Captioned[], padding: Parameters<typeof trainingInputs>[1]): Tensors => {
  const { vision, connector, decoder } = model
  const size = patchCount(vision) * 3 * vision.patch ** 2
  const patches = new Float32Array(padding.batch * size)
  samples.forEach(({ pixels }, i) => {
    if (pixels !== null) writePatches(vision, preprocessing, pixels, patches, i * size)
  })
  const tokens = visualTokens(vision, connector)
  const nothing = new Float32Array(tokens * decoder.width)
  const inputs = trainingInputs(
    { decoder, tokens, route: -1, visuals: () => nothing },
    padding,
    samples.map(({ encoded }) => encoded),
  )
  return { ...inputs, patches: { shape: [padding.batch * patchCount(vision), 3 * vision.patch ** 2], data: patches } }
}
