import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Checked, decodeSpec, hash } from '../../dsl/index.js'
import { codecs, kinds } from '../../dsl/kinds.js'
import { type Codec, decodeWith } from '../../dsl/schema/index.js'
import { valueOf } from './arbitrary.js'
import { forAll } from './for-all.js'
import { right } from './right.js'

const laws = kinds.map((name) => {
  const codec = codecs[name] as Codec<unknown>
  return { name, json: valueOf(codec.shape), decode: decodeWith(codec), encode: codec.encode }
})

/** The least number of generated values that a law of the language is held to. */
const runs = 1000

type Place = readonly (string | number)[]

/** Every object in a JSON value, by the keys that lead to it. */
const objects = (value: unknown, here: Place = []): readonly Place[] => {
  if (Array.isArray(value)) return value.flatMap((element, i) => objects(element, [...here, i]))
  if (typeof value !== 'object' || value === null) return []
  return [here, ...Object.entries(value).flatMap(([key, part]) => objects(part, [...here, key]))]
}

type Json = Record<string, unknown>

const edited = (value: unknown, [key, ...rest]: Place, edit: (object: Json) => Json): unknown => {
  if (key === undefined) return edit(value as Json)
  if (Array.isArray(value)) return value.map((element: unknown, i) => (i === key ? edited(element, rest, edit) : element))
  return { ...(value as Json), [key]: edited((value as Json)[key], rest, edit) }
}

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [key, shuffled(part)] as const)
      .toReversed(),
  )
}

const codes = (result: Checked<unknown>): readonly string[] => (E.isLeft(result) ? result.left.map(({ code }) => code) : [])

const broken = (json: fc.Arbitrary<unknown>, edit: (object: Json, pick: number) => Json): fc.Arbitrary<unknown> =>
  fc.tuple(json, fc.nat(), fc.nat()).map(([spec, place, pick]) => {
    const places = objects(spec)
    return edited(spec, places[place % places.length] ?? [], (object) => edit(object, pick))
  })

describe.each(laws)('the codec of a $name', ({ json, decode, encode }) => {
  it('reads back what it wrote, through text', () => {
    forAll(json, (spec) => expect(right(decode(JSON.parse(JSON.stringify(encode(spec)))))).toEqual(spec), runs)
  })

  it('refuses an unknown key, at any depth, and names it alone', () => {
    forAll(
      broken(json, (object) => ({ ...object, stray: 1 })),
      (spec) => expect(codes(decode(spec))).toEqual(['unknown-key']),
      runs,
    )
  })

  it('misses a key that was taken away, at any depth', () => {
    forAll(
      broken(json, (object, pick) => {
        const keys = Object.keys(object)
        return Object.fromEntries(Object.entries(object).filter(([key]) => key !== keys[pick % keys.length]))
      }),
      (spec) => expect(codes(decode(spec))).toEqual(['missing-key']),
      runs,
    )
  })

  it('answers with a value, whatever it is given', () => {
    forAll(fc.anything(), (anything) => expect(decode(anything)).toHaveProperty('_tag'), runs)
  })

  it('gives a spec and the same with keys in another order one hash', () => {
    forAll(json, (spec) => expect(hash(right(decodeSpec(shuffled(spec))))).toBe(hash(right(decodeSpec(spec)))), runs)
  })
})
