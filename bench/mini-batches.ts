import { miniCoin } from '../coin/mini/stream.js'
import { conversations } from '../coin/prompts.js'
import { visualTokens } from '../compiler/lower/connector.js'
import { normal, random } from '../compiler/plan/random.js'
import { mini } from '../models/mini.js'
import { type Encoded, type Processor, encode, promptOf } from '../runtime/data/encode.js'
import { batches } from '../runtime/learn/order.js'
import { miniTokenizer } from '../runtime/pretrain/tokenizer.js'

const { tokenizer, imageToken } = miniTokenizer()

/** The words of MiniCoIN as the shipped base reads them, but that no answer ever ends: a token costs the same whatever it says. */
export const processor: Processor = {
  tokenizer: { ...tokenizer, eos: -1 },
  imageToken,
  form: conversations.plain,
  visualTokens: visualTokens(mini.vision, mini.connector),
}

const picture = 'a picture'

const seen = Float32Array.from(
  { length: processor.visualTokens * mini.decoder.width },
  (
    (next) => () =>
      normal(next)
  )(random(0, 'visual tokens')),
)

/** What the tower is said to make of every picture: numbers. */
export const visuals = (): Float32Array => seen

/** Samples of a task, in batches as learning would take them. */
export interface TaskBatches {
  readonly task: string
  /** 16 samples with answers: a training step. */
  readonly training: readonly Encoded[]
  /** 32 samples with answers: a step of a measuring pass. */
  readonly measuring: readonly Encoded[]
  /** 32 prompts: answered together. */
  readonly prompts: readonly Encoded[]
}

/** Of all eight tasks, sequences of MiniCoIN's true lengths. */
export const taskBatches = async (): Promise<readonly TaskBatches[]> => {
  const { tasks } = await miniCoin({ wording: 'shared', train: 256, heldOut: 0, test: 0, seed: 0 })
  const toTokens = encode({ ...processor, tokenizer })
  return tasks.map(({ id, train }) => {
    const samples = train.map((sample) => toTokens(sample, sample.image === undefined ? null : picture, true))
    const [order] = batches(
      0,
      id,
      samples.map(({ ids }) => ids.length),
      16,
      1,
    )
    const measuring = samples.slice(0, 32)
    return { task: id, training: Array.from(order ?? []).flatMap((i) => samples[i] ?? []), measuring, prompts: measuring.map(promptOf) }
  })
}
