import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codecs, kinds } from '../../dsl/kinds.js'
import { decodeSpec } from '../../dsl/index.js'
import { schemaOf } from '../../dsl/schema-of.js'
import { valueOf } from './arbitrary.js'

// An independent validator of JSON Schema judges beside our decoder.
const ajv = new Ajv2020({ strict: true, allErrors: false })

/** Values that lie at the edges of what some leaf takes, or beyond them. */
const edges = [null, true, '', 'x', '.hidden', 'a/b', -1, 0, 0.5, 1, 1.5, 2 ** 32, 2 ** 53, 1e308, 5e-324, [], [1, 2], {}, { kind: 'vae' }] as const

type Place = readonly (string | number)[]

/** Every part of a JSON value, by the keys that lead to it. */
const places = (value: unknown, here: Place = []): readonly Place[] => [
  here,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => places(part, [...here, Array.isArray(value) ? Number(key) : key]))
    : []),
]

type Edit = (value: unknown, pick: number) => unknown

const edited = (value: unknown, [key, ...rest]: Place, edit: (part: unknown) => unknown): unknown => {
  if (key === undefined) return edit(value)
  if (Array.isArray(value)) return value.map((part: unknown, i) => (i === key ? edited(part, rest, edit) : part))
  return Object.fromEntries(Object.entries(value as object).map(([k, part]: [string, unknown]) => [k, k === key ? edited(part, rest, edit) : part]))
}

const without = (value: object, pick: number): unknown => {
  const gone = Object.keys(value)[pick % Math.max(1, Object.keys(value).length)]
  return Array.isArray(value) ? value.slice(1) : Object.fromEntries(Object.entries(value).filter(([key]) => key !== gone))
}

const onObjects =
  (edit: (value: object, pick: number) => unknown): Edit =>
  (value, pick) =>
    typeof value === 'object' && value !== null ? edit(value, pick) : edges[pick % edges.length]

/** What people and programs do to a file. */
const edits: readonly Edit[] = [
  (_, pick) => edges[pick % edges.length],
  (value) => (typeof value === 'number' ? -value : typeof value === 'string' ? `${value}x` : value),
  onObjects(without),
  onObjects((value) => (Array.isArray(value) ? [...(value as unknown[]), value[0] ?? null] : { ...value, stray: 1 })),
  onObjects((value) => (Array.isArray(value) ? value : { ...value, $schema: './schema.json' })),
]

const spoilt = (json: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(json, fc.nat(), fc.nat(), fc.constantFrom(...edits)).map(([spec, place, pick, edit]) => {
    const all = places(spec)
    return edited(spec, all[place % all.length] ?? [], (part) => edit(part, pick))
  })

/** What a file holds: JSON has no undefined, and no -0. */
const asFile = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const runs = 1000

describe.each(kinds)('the JSON Schema of a %s', (kind) => {
  const takes = ajv.compile(schemaOf(kind))
  const spec = valueOf(codecs[kind].shape).map(asFile)

  it('takes what the decoder takes', () => {
    fc.assert(
      fc.property(spec, (json) => {
        expect([E.isRight(decodeSpec(json)), takes(json), takes.errors]).toEqual([true, true, null])
      }),
      { numRuns: runs },
    )
  })

  it('refuses what the decoder refuses, and nothing else', () => {
    const verdicts = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(spoilt(spec).map(asFile), (json) => {
        const decoded = E.isRight(decodeSpec(json))
        verdicts[decoded ? 'taken' : 'refused'] += 1
        expect(takes(json)).toBe(decoded)
      }),
      { numRuns: runs },
    )
    // Edits that leave a spec good are judged too, and most do not.
    expect(verdicts.taken).toBeGreaterThan(runs / 50)
    expect(verdicts.refused).toBeGreaterThan(runs / 2)
  })
})
