import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NdArrays } from '../../compiler/targets/reference.js'
import { canonical } from '../../dsl/canonical.js'
import { type Change, type ModelSpec, type Patch, apply, concat, decide, diff, grow, hash, invert, judge, nothing } from '../../dsl/index.js'
import { answers, looks } from './answers.js'
import { carried, drawn } from './carried.js'
import { type Step, changesOf, steps } from './edits.js'
import { forAll } from './for-all.js'
import { growing, validModel } from './models.js'
import { right } from './right.js'

const cases = 1000

/** A model on its way, and the patch so far. */
interface Way {
  readonly model: ModelSpec
  readonly patch: Patch
}

/** What steps lead to; those that do not apply are left out. Where `back`, all is taken back in the end: what went returns under its name. */
const edited = (model: ModelSpec, list: readonly Step[], back: boolean): Patch => {
  const { patch } = list.reduce<Way>(
    (so, each) => {
      const next: Patch = { ...nothing(hash(so.model)), changes: changesOf(each, so.model) }
      const after = apply(next)(so.model)
      return E.isLeft(after) ? so : { model: after.right, patch: concat(so.patch, next) }
    },
    { model, patch: nothing(hash(model)) },
  )
  return back ? concat(patch, invert(patch)) : patch
}

const taught = validModel.filter(({ tasks, sites }) => tasks.length > 0 && sites.some(({ routers }) => routers.length > 0))

/** What an earlier task is called after some changes. */
const calledAfter = (changes: readonly Change[], task: string): string =>
  changes.reduce((now, { kind, meta }) => (kind === 'renamed' && meta.what === 'task' && meta.from === now ? meta.to : now), task)

/** A model and numbers for all of its parameters. */
interface Weighed {
  readonly model: ModelSpec
  readonly weights: NdArrays
}

const equal = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((x, i) => Object.is(x, b[i]))

/** Towers and connectors that are equal look alike. */
const looksAlike = (a: Weighed, b: Weighed): boolean => {
  const [old, next] = [a, b].map(({ model: { vision, connector } }) => canonical([vision, connector]))
  return old === next || equal(looks(a.model, a.weights), looks(b.model, b.weights))
}

const answersAlike = (a: Weighed, task: string, b: Weighed, now: string): boolean =>
  b.model.tasks.some(({ id }) => id === now) && looksAlike(a, b) && equal(answers(a.model, task, a.weights), answers(b.model, now, b.weights))

describe('a task that a patch is said to preserve', () => {
  it('computes the same bits before and after, with the weights that are kept; and many are', { timeout: 600_000 }, () => {
    const found = { preserved: 0, listed: 0, changed: 0 }
    forAll(
      fc.tuple(taught, steps, fc.nat(9)),
      ([model, list, turn]) => {
        const patch = edited(model, list, turn === 0)
        const { tasks, errors } = right(judge(patch)(model))
        fc.pre(errors.length === 0 && patch.changes.length > 0)
        const next = right(apply(patch)(model))
        const before: Weighed = { model, weights: drawn(model, 1) }
        const after: Weighed = { model: next, weights: carried(patch, model, before.weights, next, drawn(next, 2)) }
        const [listed, preserved] = [model.tasks.filter(({ id }) => tasks.includes(id)), model.tasks.filter(({ id }) => !tasks.includes(id))]
        const changed = (of: ModelSpec['tasks']) => of.filter(({ id }) => !answersAlike(before, id, after, calledAfter(patch.changes, id)))
        const by = list.map(({ name }) => name)
        expect({ changed: changed(preserved), by }).toEqual({ changed: [], by })
        found.preserved += preserved.length
        found.listed += listed.length
        found.changed += changed(listed).length
      },
      cases,
    )
    // Neither list is everything, and most of what is listed does change.
    expect(found.preserved).toBeGreaterThan(cases / 3)
    expect(found.changed).toBeGreaterThan(found.listed / 2)
  })
})

describe('growth', () => {
  it('is never said to change an earlier task', () =>
    forAll(
      growing,
      ({ model, policy, evidence }) => {
        const next = right(grow(right(decide(policy, evidence)(model)))(model))
        expect(right(judge(diff(model, next))(model))).toMatchObject({ severity: 'capacity-adding', tasks: [], errors: [] })
      },
      cases,
    ))
})
