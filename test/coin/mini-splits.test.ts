import { describe, expect, it } from 'vitest'
import {
  captionKinds,
  captionProbe,
  captionSample,
  keyOf,
  lessonSample,
  miniTasks,
  probeKinds,
  sampleOf,
  splits,
  wordings,
  type Scene,
  type Split,
} from '../../coin/mini/index.js'

/** What a sample shows: its photo or drawing, its scene, or its text where it has no picture. */
const shownBy = (scene: Scene | null, text: string): string => (scene === null ? text : keyOf(scene))

const keysOf = (split: Split, count: number, seed: number): ReadonlySet<string> =>
  new Set(
    miniTasks.flatMap((task) =>
      wordings.flatMap((wording) =>
        Array.from({ length: count }, (_, index) => {
          const sample = sampleOf(task, split, index, { seed, wording })
          return shownBy(sample.scene, `${sample.kind} ${sample.textKey}`)
        }),
      ),
    ),
  )

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] => [...a].filter((key) => b.has(key))

describe('the splits', () => {
  const seeds = [0, 1]
  const together = (split: Split, count: number): ReadonlySet<string> => new Set(seeds.flatMap((seed) => [...keysOf(split, count, seed)]))
  const train = together('train', 2000)
  const heldOut = together('heldOut', 200)
  const test = together('test', 200)
  const captions = new Set(
    Array.from({ length: 12_000 }, (_, index) => captionSample(index, 0)).flatMap(({ scene }) => (scene === null ? [] : [keyOf(scene)])),
  )

  const lessons = new Set(
    Array.from({ length: 12_000 }, (_, index) => lessonSample(index, 0)).flatMap(({ scene }) => (scene === null ? [] : [keyOf(scene)])),
  )

  it('have many scenes each', () => {
    expect([train, heldOut, test, captions, lessons].map(({ size }) => size > 900)).toEqual([true, true, true, true, true])
  })

  it('share no photo, drawing, scene or question over text alone', () => {
    expect(shared(train, heldOut)).toEqual([])
    expect(shared(train, test)).toEqual([])
    expect(shared(heldOut, test)).toEqual([])
  })

  it('share nothing with the captions and lessons of pre-training', () => {
    for (const corpus of [captions, lessons]) expect([train, heldOut, test].map((keys) => shared(corpus, keys))).toEqual([[], [], []])
  })

  it('hold the probes of captions apart from the captions', () => {
    const probed = new Set(
      probeKinds
        .flatMap((kind) => Array.from({ length: 60 }, (_, index) => captionProbe(kind, index)))
        .flatMap(({ scene }) => (scene === null ? [] : [keyOf(scene)])),
    )
    expect(shared(captions, probed)).toEqual([])
    expect(shared(train, probed)).toEqual([])
  })

  it('are four, and every kind of caption can be written', () => {
    expect(splits).toEqual(['pretrain', 'train', 'heldOut', 'test'])
    expect(captionKinds.map((kind) => captionSample(0, 7, kind).kind)).toEqual(captionKinds)
  })
})
