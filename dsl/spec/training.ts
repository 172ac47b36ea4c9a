import { type Codec, format, nonNegative, nullable, oneOf, pair, positive, share, size, struct, tagged } from '../schema/index.js'

/** Rises over the first steps (a share of all), then falls by a half cosine to `floor` times the learning rate. */
export interface CosineSchedule {
  readonly kind: 'cosine'
  readonly warmup: number
  readonly floor: number
}

/** Rises over the first steps (a share of all), then stays. */
export interface ConstantSchedule {
  readonly kind: 'constant'
  readonly warmup: number
}

/** How the learning rate moves over the steps. */
export type Schedule = CosineSchedule | ConstantSchedule

/** How a task's permanent experts and routers are trained. Either `steps` or `epochs` says how long; the other is null. */
export interface TrainingSpec {
  readonly format: 'cmoe/training/1'
  readonly steps: number | null
  readonly epochs: number | null
  readonly batch: number
  readonly learningRate: number
  readonly schedule: Schedule
  readonly weightDecay: number
  /** The greatest global norm of the gradient; 0 does not clip. */
  readonly clip: number
  /** AdamW's decay rates of the first and second moment. */
  readonly betas: readonly [number, number]
  readonly epsilon: number
  /** Weight of the load-balancing loss. */
  readonly balance: number
}

const Schedule: Codec<Schedule> = tagged({
  cosine: struct<CosineSchedule>({ kind: oneOf('cosine'), warmup: share, floor: share }),
  constant: struct<ConstantSchedule>({ kind: oneOf('constant'), warmup: share }),
})

export const TrainingSpec: Codec<TrainingSpec> = struct<TrainingSpec>({
  format: format('cmoe/training/1'),
  steps: nullable(size),
  epochs: nullable(positive),
  batch: size,
  learningRate: positive,
  schedule: Schedule,
  weightDecay: nonNegative,
  clip: nonNegative,
  betas: pair(share),
  epsilon: positive,
  balance: nonNegative,
})
