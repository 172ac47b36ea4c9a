import type { Profile } from '../../dsl/index.js'
import type { Sample } from '../stream-types.js'

/** What a model answered to the sample of this id. */
export interface Prediction {
  readonly id: string
  readonly text: string
}

/** How well one sample was answered, between 0 and 1. */
export interface Point {
  readonly id: string
  readonly value: number
}

export interface Score {
  /** Percent. */
  readonly accuracy: number
  /** What the accuracy is a mean of. */
  readonly points: readonly Point[]
}

/** Compares predictions with the samples they answer. */
export type Scorer = (samples: readonly Sample[], predictions: readonly Prediction[]) => Score

/** `coin-2024` repeats CoIN's published scripts with their faults, to compare with published figures; `clean` is what they mean to measure. */
export type Scorers = Readonly<Record<Profile, Scorer>>

/** How well a text answers a sample, between 0 and 1. */
export type Rule = (sample: Sample, text: string) => number

export const scoreOf = (points: readonly Point[]): Score => ({
  accuracy: points.length === 0 ? 0 : (100 * points.reduce((sum, { value }) => sum + value, 0)) / points.length,
  points,
})

/** Every sample counts; the prediction is found by id, the last of several, and a sample without one is answered wrongly. */
export const overSamples =
  (rule: Rule): Scorer =>
  (samples, predictions) => {
    const texts = new Map(predictions.map(({ id, text }) => [id, text]))
    return scoreOf(samples.map((sample) => ({ id: sample.id, value: valueOf(rule, sample, texts.get(sample.id)) })))
  }

/** Every prediction counts, and nothing else: samples that were not answered are left out of the mean, as in most of CoIN's scripts. */
export const overPredictions =
  (rule: Rule): Scorer =>
  (samples, predictions) => {
    const known = new Map(samples.map((sample) => [sample.id, sample]))
    return scoreOf(predictions.map(({ id, text }) => ({ id, value: valueOf(rule, known.get(id), text) })))
  }

const valueOf = (rule: Rule, sample: Sample | undefined, text: string | undefined): number =>
  sample === undefined || text === undefined ? 0 : rule(sample, text)

export const right = (isRight: boolean): number => (isRight ? 1 : 0)

/** An answer without what does not matter: case, spaces around it and doubled ones, full stops at its end. */
const tidy = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/\s*\.+$/, '')

/** The same answer, but for case, spaces and a full stop. */
export const sameAnswer: Rule = (sample, text) => right(tidy(text) === tidy(sample.answer))
