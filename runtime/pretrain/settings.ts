import * as t from 'io-ts'
import { TrainingSpec } from '../../dsl/index.js'

/** How the base model is made: the tower from dense labels, then connector and decoder on the frozen tower, from captions and from lessons. */
export const PretrainSettings = t.readonly(
  t.strict({
    seed: t.number,
    tower: TrainingSpec,
    captions: TrainingSpec,
    lessons: TrainingSpec,
    /** Pictures whose patches the whitening is computed from, and the standard deviation below which a direction is not blown up. */
    whitening: t.readonly(t.strict({ pictures: t.number, floor: t.number })),
    /** Steps between checkpoints. */
    every: t.number,
  }),
)

export type PretrainSettings = t.TypeOf<typeof PretrainSettings>

const adamW = { weightDecay: 0.05, clip: 1, betas: [0.9, 0.98], epsilon: 1e-8, balance: 0, epochs: null, format: 'cmoe/training/1' } as const

/** The recipe of the shipped weights. */
export const miniSettings: PretrainSettings = {
  seed: 0,
  tower: { ...adamW, steps: 3200, batch: 32, learningRate: 3e-3, schedule: { kind: 'cosine', warmup: 0.03, floor: 0.01 } },
  captions: { ...adamW, steps: 8000, batch: 32, learningRate: 1.5e-3, schedule: { kind: 'cosine', warmup: 0.03, floor: 0.01 } },
  lessons: { ...adamW, steps: 2600, batch: 32, learningRate: 1.5e-3, schedule: { kind: 'cosine', warmup: 0.03, floor: 0.01 } },
  whitening: { pictures: 1000, floor: 0.1 },
  every: 200,
}
