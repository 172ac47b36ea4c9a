import { whatLabels, labelSizes, labelsOf } from '../../coin/mini/scenes/labels.js'
import { type Caption, captionSample } from '../../coin/mini/captions/index.js'
import type { Lesson } from '../../coin/mini/lessons/index.js'
import { side } from '../../coin/mini/concepts.js'
import type { Pack } from '../../coin/mini/pack.js'
import { render } from '../../coin/mini/scenes/render.js'
import type { DenseHead } from '../../compiler/phases/pretrain.js'
import { type Encoded, type Processor, encode, visualToken } from '../data/encode.js'
import type { Pixels } from '../data/pictures.js'

/** A caption or lesson of the pre-training corpus, ready to be learnt from. */
export interface Told {
  readonly pixels: Pixels | null
  readonly encoded: Encoded
}

/** What the tower's throw-away heads tell of every patch: what lies there, how it looks, how far it reaches, how often it is there, what is beside it. */
export const denseHeads: readonly DenseHead[] = [
  { name: 'what', classes: labelSizes.what },
  { name: 'attribute', classes: labelSizes.attribute },
  { name: 'count', classes: labelSizes.count },
  ...[0, 1, 2, 3].map((edge) => ({ name: `box.${edge}`, classes: labelSizes.box })),
  ...[0, 1, 2, 3].map((direction) => ({ name: `beside.${direction}`, classes: labelSizes.beside })),
]

/** A picture with what is to be said of each of its patches. */
export interface Labelled {
  readonly pixels: Pixels
  readonly labels: Readonly<Record<string, Uint8Array>>
  /** 1 where something lies, less on the background. */
  readonly weights: Float32Array
}

/** How much a background patch counts against one with something on it. */
const backgroundWeight = 0.15

const background = whatLabels.indexOf('background')

/** The first caption from `index` on that has a picture. */
const pictured = (index: number, seed: number): Caption & { readonly scene: NonNullable<Caption['scene']> } => {
  for (let i = index; ; i += 1_000_000_007) {
    const caption = captionSample(i, seed)
    if (caption.scene !== null) return { ...caption, scene: caption.scene }
  }
}

export const labelledSample = (pack: Pack, index: number, seed: number): Labelled => {
  const { scene } = pictured(index, seed)
  const { what, attribute, count, box, beside } = labelsOf(scene)
  const every = (values: Uint8Array, offset: number) => Uint8Array.from(what, (_, patch) => values[patch * 4 + offset] ?? 0)
  return {
    pixels: render(pack, scene),
    labels: {
      what,
      attribute,
      count,
      ...Object.fromEntries([0, 1, 2, 3].map((k) => [`box.${k}`, every(box, k)])),
      ...Object.fromEntries([0, 1, 2, 3].map((k) => [`beside.${k}`, every(beside, k)])),
    },
    weights: Float32Array.from(what, (label) => (label === background ? backgroundWeight : 1)),
  }
}

/** Sample `index` of a corpus that `seed` names. */
export type Corpus = (index: number, seed: number) => Pick<Caption | Lesson, 'scene' | 'turns'>

/** A caption or lesson as a conversation; every reply is learnt. One that is only a request is learnt as a text, so that the words of questions are known. */
export const toldSample =
  (pack: Pack, processor: Processor, corpus: Corpus) =>
  (index: number, seed: number): Told => {
    const { scene, turns } = corpus(index, seed)
    const conversation = turns.map(({ request, reply }) => ({ question: request, answer: reply }))
    const last = conversation.at(-1) ?? { question: '', answer: '' }
    const pixels = scene === null ? null : render(pack, scene)
    const image = pixels === null ? {} : { image: { pixels, width: side, height: side } }
    const sample = { id: `${index}`, ...last, earlier: conversation.slice(0, -1), ...image }
    const requestOnly = last.answer === ''
    const encoded = encode(processor)(sample, pixels === null ? null : sample.id, !requestOnly)
    return {
      pixels,
      encoded: requestOnly ? { ...encoded, answer: Uint8Array.from(encoded.ids, (id, t) => (t > 0 && id !== visualToken ? 1 : 0)) } : encoded,
    }
  }
