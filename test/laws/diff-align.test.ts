import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Change,
  type ModelSpec,
  type Pair,
  align,
  apply,
  check,
  concat,
  diff,
  diffAligned,
  hash,
  invert,
  nothing,
  simplify,
} from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { validModel } from './models.js'
import { right } from './right.js'

const cases = 1000

const isTask = ({ at }: Pair): boolean => at.length === 1

/** A model and new names for some of its tasks and experts. */
const names: fc.Arbitrary<readonly [ModelSpec, readonly Pair[]]> = validModel.chain((model) => {
  const all: readonly Pair[] = [
    ...model.tasks.map(({ id }) => ({ at: ['tasks'], from: id, to: `new-${id}` })),
    ...model.sites.flatMap((site) => site.experts.map(({ id }) => ({ at: ['sites', site.id, 'experts'], from: id, to: `new-${id}` }))),
  ]
  return fc.subarray([...all]).map((some) => [model, some] as const)
})

const asChange = (pair: Pair): Change => ({ kind: 'renamed', meta: { ...pair, what: isTask(pair) ? 'task' : 'expert' } })

const patchOf = (model: ModelSpec, changes: readonly Change[]) => ({ ...nothing(hash(model)), changes })

/** The model under its new names, each given by itself. */
const renamed = (model: ModelSpec, pairs: readonly Pair[]): ModelSpec => right(apply(patchOf(model, pairs.map(asChange)))(model))

describe('new names', { timeout: 600_000 }, () => {
  it('leave a valid model, and can be taken back', () =>
    forAll(
      names,
      ([model, pairs]) => {
        const next = renamed(model, pairs)
        expect(check(next)).toEqual([])
        expect(hash(right(apply(invert(patchOf(model, pairs.map(asChange))))(next)))).toBe(hash(model))
      },
      cases,
    ))

  it('are found, all of them and nothing else', () =>
    forAll(
      names,
      ([model, pairs]) => {
        const next = renamed(model, pairs)
        const patch = right(diffAligned(align(model, next))(model, next))
        expect(hash(right(apply(patch)(model)))).toBe(hash(next))
        expect(patch.changes.map(({ kind, meta }) => [kind, meta.at])).toEqual(
          [...pairs.filter(isTask), ...pairs.filter((pair) => !isTask(pair))].map(({ at }) => ['renamed', at]),
        )
      },
      cases,
    ))

  it('that are proposed always fit, between any two models', () =>
    forAll(
      fc.tuple(names, validModel),
      ([[model, pairs], other]) => {
        const next = { ...renamed(model, pairs), decoder: other.decoder, locator: other.locator, sites: [...other.sites] }
        const patch = right(diffAligned(align(model, next))(model, next))
        expect(hash(right(apply(patch)(model)))).toBe(hash(next))
        expect(hash(right(apply(invert(patch))(next)))).toBe(hash(model))
      },
      cases,
    ))
})

/** A model and an expert of it in parts. */
const splits = validModel
  .filter(({ sites }) => sites.some(({ experts }) => experts.length > 0))
  .chain((model) =>
    fc
      .tuple(
        fc.constantFrom(...model.sites.flatMap((site) => site.experts.map((one, i) => ({ site, one, after: site.experts[i - 1]?.id ?? null })))),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
      )
      .map(([{ site, one, after }, count, keeps]) => {
        const parts = Array.from({ length: count }, (_, i) => ({ ...one, id: keeps && i === 0 ? one.id : `${one.id}.part.${i}` }))
        const at = ['sites', site.id, 'experts']
        const change: Change = { kind: 'split', meta: { at, after, one, parts } }
        return { model, pairs: parts.map(({ id }) => ({ at, from: one.id, to: id })), patch: patchOf(model, [change]) }
      }),
  )

describe('an expert in parts', { timeout: 600_000 }, () => {
  it('is one again when the patch is taken back; together they are nothing', () =>
    forAll(
      splits,
      ({ model, patch }) => {
        const next = right(apply(patch)(model))
        expect(hash(right(apply(invert(patch))(next)))).toBe(hash(model))
        expect(simplify(concat(patch, invert(patch))).changes).toEqual([])
      },
      cases,
    ))

  it('is seen where one was seen, and found again through the alignment that says so', () =>
    forAll(
      splits,
      ({ model, patch, pairs }) => {
        const next = right(apply(patch)(model))
        const found = right(diffAligned(pairs)(model, next))
        expect(hash(right(apply(found)(model)))).toBe(hash(next))
        expect(pairs.length > 1 ? found.changes : patch.changes).toEqual(patch.changes)
        const seen = (spec: ModelSpec): number => spec.sites.flatMap(({ routers }) => routers.flatMap(({ sees }) => sees)).length
        expect(seen(next) >= seen(model) && (diff(model, next).changes.length > 0 || pairs.length === 1)).toBe(true)
      },
      cases,
    ))
})
