import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExperimentSpec, type ModelSpec, apply, decodeExperiment, diff, invert } from '../../dsl/index.js'
import { valueOf } from './arbitrary.js'
import { forAll } from './for-all.js'
import { validModel } from './models.js'
import { right } from './right.js'

/** Pairs that share much: the second is the first with some sites in another order, gone, or taken from a third. */
const related: fc.Arbitrary<readonly [ModelSpec, ModelSpec]> = fc
  .tuple(validModel, validModel, fc.infiniteStream(fc.boolean()))
  .map(([a, c, coin]): readonly [ModelSpec, ModelSpec] => {
    const flip = (): boolean => coin.next().value
    const kept = a.sites.filter(flip).map((site) => ({ ...site, experts: flip() ? site.experts : site.experts.toReversed() }))
    const others = c.sites.filter(({ id }) => !kept.some((site) => site.id === id))
    const sites = flip() ? [...kept, ...others] : [...others, ...kept.toReversed()]
    return [a, { ...(flip() ? a : c), sites }]
  })

const pairs = fc.oneof(related, fc.tuple(validModel, validModel))

describe('a patch', () => {
  it('leads from the one to the other', () => forAll(pairs, ([a, b]) => expect(right(apply(diff(a, b))(a))).toEqual(b), 500))

  it('is taken back by its inverse', () => forAll(pairs, ([a, b]) => expect(right(apply(invert(diff(a, b)))(b))).toEqual(a), 500))

  it('is itself, inverted twice', () => forAll(pairs, ([a, b]) => expect(invert(invert(diff(a, b)))).toEqual(diff(a, b))))

  it('is empty between equals, and only there', () =>
    forAll(pairs, ([a, b]) => {
      expect(diff(a, structuredClone(a))).toEqual([])
      expect(diff(a, b).length === 0).toBe(JSON.stringify(a) === JSON.stringify(b))
    }))

  it('is refused where it does not fit', () =>
    forAll(
      pairs.filter(([a, b]) => diff(a, b).length > 0),
      ([a, b]) => expect(E.isLeft(apply(diff(a, b))(b))).toBe(true),
    ))

  it('leads between any two experiments', () => {
    const experiment = valueOf(ExperimentSpec.shape).map((json) => right(decodeExperiment(json)))
    forAll(fc.tuple(experiment, experiment), ([a, b]) => expect(right(apply(diff(a, b))(a))).toEqual(b))
  })
})
