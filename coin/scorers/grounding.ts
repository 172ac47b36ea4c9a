import type { Sample } from '../stream-types.js'
import { overPredictions, overSamples, right, type Scorers } from './score.js'

/** Left, top, right and bottom. */
export type Box = readonly [number, number, number, number]

const boxOf = (numbers: readonly number[]): Box | undefined => {
  const [left, top, right, bottom] = numbers
  return left === undefined || top === undefined || right === undefined || bottom === undefined || numbers.length !== 4
    ? undefined
    : [left, top, right, bottom]
}

const area = ([left, top, right, bottom]: Box): number => (right - left) * (bottom - top)

/** Shared area over joined area; 0 where there is none. */
const intersectionOverUnion = (a: Box, b: Box): number => {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]))
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))
  const union = area(a) + area(b) - width * height
  return union > 0 ? (width * height) / union : 0
}

/** What Python's `float` takes. */
const pythonNumber = /^\s*[+-]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?|inf(?:inity)?|nan)\s*$/i

const pythonFloat = (text: string): number | undefined => {
  if (!pythonNumber.test(text)) return undefined
  const plain = text.trim().toLowerCase().replaceAll('_', '')
  if (plain.includes('nan')) return Number.NaN
  if (plain.includes('inf')) return plain.startsWith('-') ? -Infinity : Infinity
  return Number(plain)
}

const listed = (text: string): Box | undefined => {
  const numbers = text.split(',').map(pythonFloat)
  return boxOf(numbers.filter((number) => number !== undefined).length === numbers.length ? numbers.map((number) => number ?? 0) : [])
}

const withoutBrackets = (text: string): string => text.replaceAll('[', '').replaceAll(']', '')

/** CoIN removes the brackets and then cuts off the first and last character that are left: the last number loses a digit, a leading 1.0 becomes 0. */
export const boxOfCoin = (text: string): Box | undefined => listed(withoutBrackets(text).slice(1, -1))

export const numbersIn = (text: string): readonly number[] => (text.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi) ?? []).map(Number)

/** The four numbers in a text, however they are written, if they are a box: not inside out. */
export const boxIn = (text: string): Box | undefined => {
  const box = boxOf(numbersIn(text))
  return box !== undefined && box[0] <= box[2] && box[1] <= box[3] ? box : undefined
}

/** The box to find. Records of our own making may give it as their answer. */
const goldBox = ({ meta, answer }: Sample): Box | undefined => boxIn(meta?.answer_bbox ?? answer)

const overlap = (found: Box | undefined, gold: Box | undefined, scale: number): number =>
  found === undefined || gold === undefined ? 0 : intersectionOverUnion(scaled(found, scale), scaled(gold, scale))

const scaled = ([left, top, right, bottom]: Box, by: number): Box => [left * by, top * by, right * by, bottom * by]

/** Grounding: the box of what is described, right if intersection over union with the true one is at least a half (in CoIN: more than a half). */
export const grounding: Scorers = {
  clean: overSamples((sample, text) => right(overlap(boxIn(text), goldBox(sample), 1) >= 0.5)),
  'coin-2024': overPredictions((sample, text) => {
    const gold = listed(withoutBrackets(sample.meta?.answer_bbox ?? sample.answer))
    return right(overlap(boxOfCoin(text), gold, Math.max(...(sample.meta?.size ?? [1]))) > 0.5)
  }),
}
