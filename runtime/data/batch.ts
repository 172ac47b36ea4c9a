import { rotaryAngles } from '../../compiler/plan/rotary.js'
import type { Tensors } from '../../compiler/targets/device.js'
import type { Decoder } from '../../dsl/index.js'
import type { Encoded } from './encode.js'
import { lengthStep, padded } from './lengths.js'

/** Visual tokens by picture, each [tokens * width]. */
export type Visuals = (picture: string) => Float32Array

/** The sizes of the padded batch that holds these sequences. */
export interface Padding {
  readonly batch: number
  readonly length: number
  readonly supervised: number
}

/** The sizes of the program that a batch of samples runs in: rounded up, so that few programs serve a whole course. The last token of a sample is never read. */
export const paddingOf = (samples: readonly Encoded[], batch: number): Padding => ({
  batch,
  length: padded(Math.max(...samples.map(({ ids }) => ids.length - 1)), lengthStep),
  supervised: padded(
    samples.reduce((n, sample) => n + predictions(sample).length, 0),
    batch,
  ),
})

export interface BatchOptions {
  readonly decoder: Decoder
  readonly visuals: Visuals
  /** Visual tokens a picture has. */
  readonly tokens: number
  /** The route of each row's sequence: an index into the program's tasks, -1 for the base alone. */
  readonly route: number
}

/** The inputs of a training or evidence program. Sequences are padded on the right: the causal mask then hides the padding from all that counts. */
export const trainingInputs = (options: BatchOptions, { batch, length, supervised }: Padding, samples: readonly Encoded[]): Tensors => {
  const sequences = sequenceInputs(
    options,
    { batch, length },
    samples.map(({ ids, picture }) => ({ ids: ids.subarray(0, -1), picture })),
  )
  const labelled = samples.flatMap((sample, i) => predictions(sample).map((t) => [i * length + t - 1, sample.ids[t] ?? 0] as const))
  const rows = new Int32Array(supervised)
  const targets = new Int32Array(supervised)
  const weights = new Float32Array(supervised)
  labelled.forEach(([row, target], i) => {
    rows[i] = row
    targets[i] = target
    weights[i] = 1 / labelled.length
  })
  return {
    ...sequences,
    rows: { shape: [supervised], data: rows },
    targets: { shape: [supervised], data: targets },
    weights: { shape: [supervised], data: weights },
  }
}

/** The tokens of a sample that are predicted. */
export const predictions = ({ answer }: Pick<Encoded, 'answer'>): readonly number[] => [...answer.keys()].filter((t) => answer[t] === 1)

export interface Sequence {
  readonly ids: Int32Array
  readonly picture: string | null
}

/** The inputs of `lowerSequences` for sequences that start at position 0. */
export const sequenceInputs = (
  { decoder, visuals, tokens, route }: BatchOptions,
  { batch, length }: Pick<Padding, 'batch' | 'length'>,
  sequences: readonly Sequence[],
): Tensors => {
  const rows = batch * length
  const ids = new Int32Array(rows)
  const places = new Int32Array(rows).fill(-1)
  const valid = new Float32Array(rows)
  const pictures = new Float32Array(batch * tokens * decoder.width)
  sequences.forEach(({ ids: own, picture }, i) => {
    ids.set(own, i * length)
    valid.fill(1, i * length, i * length + own.length)
    if (picture === null) return
    pictures.set(visuals(picture), i * tokens * decoder.width)
    let place = i * tokens
    own.forEach((id, t) => {
      if (id === -1) places[i * length + t] = place++
    })
  })
  const positions = Int32Array.from({ length: rows }, (_, row) => row % length)
  const { cos, sin } = rotaryAngles(decoder, positions)
  const angles = [rows, decoder.headDim / 2]
  return {
    ids: { shape: [rows], data: ids },
    places: { shape: [rows], data: places },
    visual: { shape: [batch * tokens, decoder.width], data: pictures },
    visible: { shape: [rows], data: positions.map((position) => position + 1) },
    cos: { shape: angles, data: cos },
    sin: { shape: angles, data: sin },
    task: { shape: [rows], data: new Int32Array(rows).fill(route) },
    valid: { shape: [rows], data: valid },
  }
}
