import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Patch, type Spec, apply, concat, decodePatch, diff, hash, invert, nothing, simplify } from '../../dsl/index.js'
import { canonical } from '../../dsl/canonical.js'
import { forAll } from './for-all.js'
import { right } from './right.js'
import { related, specs } from './specs.js'

const cases = 1000

/** Three specs, each made of the one before, and the patches between them. */
interface Way {
  readonly a: Spec
  readonly b: Spec
  readonly c: Spec
  readonly p: Patch
  readonly q: Patch
}

const kinds = Object.entries(specs).map(([kind, spec]) => ({
  kind,
  ways: related(spec).map(([a, b, c]): Way => ({ a, b, c, p: diff(a, b), q: diff(b, c) })),
}))

type Law = (way: Way) => void

/** By their text: a tenth of the time that comparing them part by part takes. */
const equal = (found: unknown, wanted: unknown): void => expect(canonical(found)).toBe(canonical(wanted))

const laws: Readonly<Record<string, Law>> = {
  'lead from the one to the other, and their inverse back': ({ a, b, p }) => {
    equal(right(apply(p)(a)), b)
    equal(right(apply(invert(p))(b)), a)
  },
  'are taken back wherever they apply': ({ c, p }) => {
    const applied = apply(p)(c)
    if (E.isRight(applied)) equal(right(apply(invert(p))(applied.right)), c)
  },
  'are empty between equals, and only there': ({ a, p }) => {
    equal(diff(a, structuredClone(a)), nothing(hash(a)))
    expect(p.changes.length === 0).toBe(p.from === p.to)
  },
  'joined, lead where they lead one after the other': ({ a, c, p, q }) => equal(right(apply(concat(p, q))(a)), c),
  'are associative, with nothing as identity': ({ p, q }) => {
    const r = invert(q)
    equal(concat(concat(p, q), r), concat(p, concat(q, r)))
    equal(concat(nothing(p.from), p), p)
    equal(concat(p, nothing(p.to)), p)
  },
  'are inverted in the other order, and are themselves when inverted twice': ({ p, q }) => {
    equal(invert(concat(p, q)), concat(invert(q), invert(p)))
    equal(invert(invert(p)), p)
  },
  'lead to the same when simplified, in no more steps; and are simple then': ({ a, c, p, q }) => {
    const [long, short] = [concat(p, q), simplify(concat(p, q))]
    equal(right(apply(short)(a)), c)
    equal(right(apply(invert(short))(c)), a)
    expect(short.changes.length).toBeLessThanOrEqual(long.changes.length)
    equal(simplify(short), short)
  },
  'are simple when they come from a comparison, and nothing with their inverse': ({ p }) => {
    equal(simplify(p), p)
    equal(simplify(concat(p, invert(p))), nothing(p.from))
  },
  'survive a file': ({ p }) => equal(right(decodePatch(JSON.parse(JSON.stringify(p)))), p),
  'refuse what they do not know, wherever it is': ({ p }) => {
    expect(E.isLeft(decodePatch({ ...p, stray: 1 }))).toBe(true)
    const [first] = p.changes
    if (first !== undefined) expect(E.isLeft(decodePatch({ ...p, changes: [{ ...first, meta: { ...first.meta, stray: 1 } }] }))).toBe(true)
  },
  'are refused where they do not fit, and change nothing': ({ b, p }) => {
    const before = structuredClone(b)
    if (p.changes.length > 0) expect(E.isLeft(apply(p)(b))).toBe(true)
    equal(b, before)
  },
}

// One generated way serves all laws: making specs takes longer than comparing them.
describe.each(kinds)('patches of a $kind', ({ ways }) => {
  it('keep every law', { timeout: 600_000 }, () => {
    expect.hasAssertions()
    forAll(ways, (way) => Object.values(laws).forEach((law) => law(way)), cases)
  })
})
