import { allocate } from '../../compiler/compile.js'
import { optimiserOf } from '../../compiler/lower/optimiser.js'
import { patchCount, patchSize } from '../../compiler/lower/vision.js'
import { towerExtras, towerProgram, towerScoresProgram } from '../../compiler/phases/pretrain.js'
import { initialise } from '../../compiler/plan/initialise.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type Device, type Tensor, type Tensors, outputOf, scalarOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Pack } from '../../coin/mini/pack.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { picturePatches } from '../data/pictures.js'
import { withPrograms } from '../engine.js'
import { type Keeper, descend } from '../learn/descend.js'
import { argmax } from '../argmax.js'
import { type Report, step as progressed } from '../progress.js'
import { type Labelled, denseHeads, labelledSample } from './corpus.js'
import type { PretrainSettings } from './settings.js'
import { sinePositions } from './positions.js'
import { foldWhitening, putWhitening } from './whiten.js'

/** What both stages of pre-training work with. */
export interface Workshop {
  readonly device: Device
  readonly model: ModelSpec
  readonly preprocessing: Preprocessing
  readonly pack: Pack
  readonly settings: PretrainSettings
  readonly report: Report
}

const isTower = (name: string): boolean =>
  name.startsWith('model.vision_tower.') || (name.startsWith('pretrain.') && !name.startsWith('pretrain.whiten'))

/**
 * First stage: the tower learns to say what lies in each patch. Its output norm and positions are trained with it; the heads are thrown away
 * and the whitening of the patches is folded into the patch embedding. Returns the losses, and the accuracy of every head on new pictures.
 */
export const teachTower = async (
  workshop: Workshop,
  keeper?: Keeper,
): Promise<{ readonly losses: readonly number[]; readonly accuracies: Readonly<Record<string, number>> }> => {
  const { device, model, settings, report } = workshop
  const { store } = device
  const { seed, tower } = settings
  await allocate(device, seed)(model)
  store.put(names.tower.positions, sinePositions(model.vision))
  const extras = towerExtras(model.vision, denseHeads)
  for (const extra of extras) store.put(extra.name, initialise(seed, undefined)(extra))
  putWhitening(store, somePatches(workshop, settings.whitening.pictures), settings.whitening.floor)
  const trained = new Set([...parameters(model).keys(), ...extras.map(({ name }) => name)].filter(isTower))
  const { batch } = tower
  const steps = tower.steps ?? 0
  const losses = await withPrograms(device, (programs) =>
    descend(
      {
        store,
        trained,
        training: tower,
        steps,
        step: async (step, hyper) => {
          const executable = programs.get('tower', () => towerProgram(model, batch, denseHeads, trained, optimiserOf(tower)))
          return scalarOf(await executable.run({ ...towerInputs(workshop, batchOf(workshop, step * batch, batch)), hyper }), 'loss')
        },
        onStep: (done, loss) => report(progressed(done, { loss })),
      },
      keeper,
    ),
  )
  const accuracies = await judge(workshop)
  await foldWhitening(store, model.vision)
  for (const { name } of extras) if (store.has(name)) store.drop(name)
  return { losses, accuracies }
}

const batchOf = ({ pack, settings }: Workshop, from: number, batch: number): readonly Labelled[] =>
  Array.from({ length: batch }, (_, i) => labelledSample(pack, from + i, settings.seed))

const patchesIn = ({ model, preprocessing }: Workshop, samples: readonly Pick<Labelled, 'pixels'>[]): Tensor =>
  picturePatches(
    model.vision,
    preprocessing,
    samples.map(({ pixels }) => pixels),
    samples.length,
  )

const towerInputs = (workshop: Workshop, samples: readonly Labelled[]): Tensors => {
  const rows = samples.length * patchCount(workshop.model.vision)
  const weights = Float32Array.from(samples.flatMap((sample) => [...sample.weights]))
  const total = weights.reduce((a, b) => a + b, 0)
  const labels = denseHeads.map(({ name }) => [
    `labels.${name}`,
    { shape: [rows], data: Int32Array.from(samples.flatMap((sample) => [...(sample.labels[name] ?? [])])) },
  ])
  return {
    patches: patchesIn(workshop, samples),
    weights: { shape: [rows], data: weights.map((weight) => weight / total) },
    ...Object.fromEntries(labels),
  }
}

/** Plain patches of the first pictures, for the whitening. */
const somePatches = (workshop: Workshop, pictures: number): readonly Float32Array[] => {
  const samples = batchOf(workshop, 0, pictures)
  const size = patchSize(workshop.model.vision)
  const { data } = patchesIn(workshop, samples)
  return Array.from({ length: data.length / size }, (_, i) => Float32Array.from(data.subarray(i * size, (i + 1) * size)))
}

/** Pictures that judge the tower; their indices are far beyond those it learnt from. */
const judged = { from: 500_000_000, batches: 8, batch: 32 } as const

/** Percent of the patches with something on them whose class each head names rightly. */
const judge = (workshop: Workshop): Promise<Readonly<Record<string, number>>> =>
  withPrograms(workshop.device, async (programs) => {
    const right = new Map<string, number>()
    let patches = 0
    for (let k = 0; k < judged.batches; k++) {
      const samples = batchOf(workshop, judged.from + k * judged.batch, judged.batch)
      const { patches: input } = towerInputs(workshop, samples)
      if (input === undefined) continue
      const outputs = await programs.get('scores', () => towerScoresProgram(workshop.model, judged.batch, denseHeads)).run({ patches: input })
      const weights = samples.flatMap((sample) => [...sample.weights])
      patches += weights.filter((weight) => weight === 1).length
      for (const { name, classes } of denseHeads) {
        const labels = samples.flatMap((sample) => [...(sample.labels[name] ?? [])])
        const scores = outputOf(outputs, `logits.${name}`).data
        const hits = labels.filter((label, row) => weights[row] === 1 && argmax(scores.subarray(row * classes, (row + 1) * classes)) === label).length
        right.set(name, (right.get(name) ?? 0) + hits)
      }
    }
    return Object.fromEntries([...right].map(([name, hits]) => [name, (100 * hits) / patches]))
  })
