import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Checked, type ModelSpec, type Spec, check, checkSpec, decide, grow, hash, merge, view } from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { growthOf, validModel } from './models.js'
import { right } from './right.js'
import { related, specs } from './specs.js'

const cases = 1000

const kinds = Object.entries(specs).map(([kind, spec]) => ({ kind, three: related(spec) }))

/** A version, or that there is none: conflicts are the same whichever side is ours, but for who is called so. */
const outcome = (merged: Checked<Spec>): string => (E.isRight(merged) ? hash(merged.right) : `${merged.left.length} conflicts`)

describe.each(kinds)('merging a $kind', ({ three }) => {
  it('with a side that changed nothing gives the other; with itself, itself; and knows no sides', { timeout: 600_000 }, () =>
    forAll(
      three,
      ([base, ours, theirs]) => {
        expect(hash(right(merge(base)(base, theirs)))).toBe(hash(theirs))
        expect(hash(right(merge(base)(ours, base)))).toBe(hash(ours))
        expect(hash(right(merge(base)(ours, ours)))).toBe(hash(ours))
        expect(outcome(merge(base)(ours, theirs))).toBe(outcome(merge(base)(theirs, ours)))
      },
      cases,
    ),
  )
})

/** A model, and what it grew into for one task and for another. */
const branches = validModel.chain((base) =>
  fc.tuple(growthOf(base, 'new'), growthOf(base, 'other')).map(([one, other]) => {
    const [ours, theirs] = [one, other].map(({ policy, evidence }) => right(grow(right(decide(policy, evidence)(base)))(base)))
    return { base, ours: ours as ModelSpec, theirs: theirs as ModelSpec }
  }),
)

const seen = (task: string, model: ModelSpec): string => hash(right(view(task)(model)))

describe('merging two growths', { timeout: 600_000 }, () => {
  it('keeps both: a valid model in which every task sees what it saw', () =>
    forAll(
      branches,
      ({ base, ours, theirs }) => {
        const merged = right(merge(base)(ours, theirs))
        expect(check(merged)).toEqual([])
        for (const { id } of base.tasks) expect(seen(id, merged)).toBe(seen(id, base))
        expect(seen('new', merged)).toBe(seen('new', ours))
        expect(seen('other', merged)).toBe(seen('other', theirs))
        expect(merged.tasks).toHaveLength(base.tasks.length + 2)
      },
      cases,
    ))

  it('loses no expert and no router of either', () =>
    forAll(
      branches,
      ({ base, ours, theirs }) => {
        const merged = right(merge(base)(ours, theirs))
        merged.sites.forEach((site, i) => {
          const all = [ours, theirs].flatMap(({ sites }) => sites[i] ?? [])
          expect(new Set(site.experts)).toEqual(new Set(all.flatMap(({ experts }) => experts)))
          expect(new Set(site.routers)).toEqual(new Set(all.flatMap(({ routers }) => routers)))
        })
        expect(checkSpec(merged)).toEqual([])
      },
      cases,
    ))
})
