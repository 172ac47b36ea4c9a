import { describe, expect, it } from 'vitest'
import { miniTasks, sampleOf, wordings, type MiniSample } from '../../coin/mini/index.js'
import facts from '../../coin/mini/pack/pack.json' with { type: 'json' }

const taskOf = (id: string) => miniTasks.find((task) => task.id === id) ?? miniTasks[0]!

const samplesOf = (id: string, count = 600, seed = 3): readonly MiniSample[] =>
  Array.from({ length: count }, (_, index) => sampleOf(taskOf(id), 'test', index, { seed, wording: 'shared' }))

const things = ({ scene }: MiniSample) => (scene?.layers ?? []).flatMap((layer) => (layer.kind === 'emoji' || layer.kind === 'shape' ? [layer] : []))

const shareOf = (samples: readonly MiniSample[]): number => {
  const counts = new Map<string, number>()
  for (const { answer } of samples) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  return Math.max(...counts.values()) / samples.length
}

describe('the eight tasks', () => {
  it("stand in CoIN's order", () => {
    expect(miniTasks.map(({ id }) => id)).toEqual(['scienceqa', 'textvqa', 'imagenet', 'gqa', 'vizwiz', 'grounding', 'vqav2', 'ocrvqa'])
  })

  it('have no answer that is right more often than three times in ten', () => {
    expect(miniTasks.map(({ id }) => ({ id, often: shareOf(samplesOf(id)) })).filter(({ often }) => often > 0.3)).toEqual([])
  })

  it('give the same sample for the same seed, and another for another', () => {
    for (const task of miniTasks) {
      const make = (seed: number, index: number) => JSON.stringify(sampleOf(task, 'train', index, { seed, wording: 'shared' }))
      expect(make(1, 5)).toBe(make(1, 5))
      expect(make(1, 5)).not.toBe(make(2, 5))
      expect(make(1, 5)).not.toBe(make(1, 6))
    }
  })

  it("end with CoIN's lines in shared wording, and with lines of their own in plain wording", () => {
    const last = (id: string, wording: 'shared' | 'plain') => sampleOf(taskOf(id), 'train', 0, { seed: 0, wording }).question.split('\n').at(-1) ?? ''
    for (const id of ['textvqa', 'imagenet', 'gqa', 'vizwiz', 'vqav2', 'ocrvqa'])
      expect(last(id, 'shared')).toBe('Answer the question using a single word or phrase.')
    expect(last('scienceqa', 'shared')).toBe("Answer with the option's letter from the given choices directly.")
    expect(last('grounding', 'shared')).toMatch(/^Please provide the bounding box coordinate of the region this sentence describes: the [a-z ]+\.$/)
    expect(new Set(miniTasks.map(({ id }) => last(id, 'plain').replace(/^Draw.*/, 'Draw'))).size).toBe(8)
    expect(wordings).toEqual(['shared', 'plain'])
  })
})

describe('answers, worked out again from what the picture shows', () => {
  it('scienceqa: the letter of the right kind or fact', () => {
    const kinds = new Map(Object.entries(facts.emoji.categories).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)))
    const known = new Map<string, readonly string[]>([
      ...facts.facts.countries.map(({ name, capital, continent }) => [name, [capital, continent]] as const),
      ...facts.facts.elements.map(({ name, symbol }) => [name, [symbol]] as const),
    ])
    for (const sample of samplesOf('scienceqa', 300)) {
      const [first = '', ...rest] = sample.question.split('\n')
      const chosen = rest.find((line) => line.startsWith(`${sample.answer}. `))?.slice(3) ?? ''
      const subject = things(sample)[0]?.name ?? /(\w+)\?$/.exec(first)?.[1] ?? ''
      const kind = kinds.get(subject)
      const answers = kind === undefined ? known.get(subject) : [kind]
      expect(answers).toContain(chosen)
      expect(sample.meta?.choices).toBe(4)
    }
  })

  it('textvqa and ocrvqa: what is written, or what the emblem says', () => {
    for (const sample of [...samplesOf('textvqa', 300), ...samplesOf('ocrvqa', 300)]) {
      const written = (sample.scene?.layers ?? []).flatMap((layer) => (layer.kind === 'text' ? [layer.text] : []))
      const emblems: Readonly<Record<string, string>> = facts.emoji.emblems
      const genre = Object.keys(emblems).find((name) => emblems[name] === things(sample)[0]?.name)
      expect(sample.answer).toBe(sample.kind === 'genre' ? genre : written[sample.kind === 'author' ? 1 : 0])
    }
  })

  it('imagenet and vizwiz: what is shown, and unanswerable when it cannot be seen', () => {
    for (const sample of [...samplesOf('imagenet', 200), ...samplesOf('vizwiz', 400)]) {
      const ruined = sample.scene?.damage?.heavy === true
      expect(sample.answer === 'unanswerable').toBe(ruined)
      const layer =
        sample.scene?.layers.find(({ kind }) => kind === (sample.kind === 'product' ? 'photo' : sample.kind === 'drawing' ? 'drawing' : 'text')) ??
        things(sample)[0]
      const shown = layer !== undefined && ('text' in layer ? layer.text : 'name' in layer ? layer.name : '')
      expect(sample.answer).toBe(ruined ? 'unanswerable' : shown)
    }
  })

  it('grounding: the corners of the one thing described', () => {
    for (const sample of samplesOf('grounding', 300)) {
      const described = /describes: the (?:(\w+) )?([\w-]+)\.$/.exec(sample.question)
      const found = things(sample).filter(
        (thing) => thing.name === described?.[2] && (described[1] === undefined || (thing.kind === 'shape' && thing.colour === described[1])),
      )
      expect(found).toHaveLength(1)
      const corners = found.map(({ x, y, width, height }) => [x / 64, y / 64, (x + width) / 64, (y + height) / 64])[0] ?? []
      const given: unknown = JSON.parse(sample.answer)
      expect(Array.isArray(given) && given.every((value: number, at) => Math.abs(value - (corners[at] ?? 2)) <= 0.0051)).toBe(true)
      expect(sample.meta).toEqual({ answer_bbox: sample.answer, size: [64, 64] })
    }
  })

  it('gqa and vqav2: counts, colours, presence and relations', () => {
    const box = (sample: MiniSample, name: string) => {
      const [only, second] = things(sample).filter((thing) => thing.name === name.split(' ').at(-1))
      expect(second).toBeUndefined()
      return { left: only?.x ?? 0, right: (only?.x ?? 0) + (only?.width ?? 0), top: only?.y ?? 0, bottom: (only?.y ?? 0) + (only?.height ?? 0) }
    }
    type Edges = ReturnType<typeof box>
    const holds: Readonly<Record<string, (a: Edges, b: Edges) => boolean>> = {
      left: (a, b) => a.right <= b.left,
      right: (a, b) => a.left >= b.right,
      above: (a, b) => a.bottom <= b.top,
      below: (a, b) => a.top >= b.bottom,
    }
    const rules: Readonly<Record<string, (sample: MiniSample, question: string) => boolean | string>> = {
      count: (sample, question) => `${things(sample).filter(({ name }) => name === /does the ([\w-]+) appear/.exec(question)?.[1]).length}`,
      colour: (sample, question) =>
        things(sample)
          .flatMap((thing) => (thing.kind === 'shape' && question.endsWith(`the ${thing.name}?`) ? [thing.colour] : []))
          .join(),
      exists: (sample, question) => (things(sample).some(({ name }) => name === / an? ([\w-]+) in the image\?$/.exec(question)?.[1]) ? 'yes' : 'no'),
      neighbour: (sample, question) => {
        const [, direction = '', from = ''] = /(left|right|above|below)(?: of)? the ([\w -]+)\?/.exec(question) ?? []
        return holds[direction]?.(box(sample, sample.answer), box(sample, from)) === true
      },
      side: (sample, question) => {
        const [, a = '', b = ''] = /Is the ([\w -]+?) (?:left or right of|above or below) the ([\w -]+)\?/.exec(question) ?? []
        return holds[sample.answer]?.(box(sample, a), box(sample, b)) === true
      },
      'relation: yes or no': (sample, question) => {
        const [, a = '', direction = '', b = ''] = /Is the ([\w -]+?) (left|right|above|below)(?: of)? the ([\w -]+)\?/.exec(question) ?? []
        return holds[direction]?.(box(sample, a), box(sample, b)) === true ? 'yes' : 'no'
      },
    }
    for (const sample of [...samplesOf('gqa', 500), ...samplesOf('vqav2', 500)]) {
      const found = rules[sample.kind]?.(sample, sample.question.split('\n')[0] ?? '')
      expect({ question: sample.question, found: found === true ? sample.answer : found }).toEqual({
        question: sample.question,
        found: sample.answer,
      })
    }
  })
})
