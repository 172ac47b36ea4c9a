import * as E from 'fp-ts/lib/Either.js'
import type * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ModelSpec, apply, check, decide, diff, grow, hash, invert, titleOf, view, withProbes } from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { growing, validModel } from './models.js'
import { right } from './right.js'

type Growing = typeof growing extends fc.Arbitrary<infer G> ? G : never

/** A law about a model, the model that it grew into, and what it grew by. */
const everyGrowth = (law: (old: ModelSpec, next: ModelSpec, growth: Growing) => void): void =>
  forAll(growing, (growth) => {
    const plan = right(decide(growth.policy, growth.evidence)(growth.model))
    law(growth.model, right(grow(plan)(growth.model)), growth)
  })

describe('generated models', () => {
  it('are valid', () => forAll(validModel, (model) => expect(check(model)).toEqual([])))
})

describe('growth', () => {
  it('only adds: every old expert, router and task is still there, in its order, equal', () =>
    everyGrowth((old, next) => {
      expect(next.tasks.slice(0, old.tasks.length)).toEqual(old.tasks)
      expect(next.sites.map(({ id }) => id)).toEqual(old.sites.map(({ id }) => id))
      old.sites.forEach((site, i) => {
        expect(next.sites[i]?.experts.slice(0, site.experts.length)).toEqual(site.experts)
        expect(next.sites[i]?.routers.slice(0, site.routers.length)).toEqual(site.routers)
      })
      expect({ ...next, tasks: [], sites: [] }).toEqual({ ...old, tasks: [], sites: [] })
    }))

  it('leaves what old tasks see as it was', () =>
    everyGrowth((old, next) => old.tasks.forEach(({ id }) => expect(right(view(id)(next))).toEqual(right(view(id)(old))))))

  it('gives the new task a permanent router at every site that has an expert, over all of them', () =>
    everyGrowth((_old, next) =>
      next.sites.forEach(({ experts, routers }) => {
        const own = routers.filter(({ task }) => task === 'new')
        expect(own.map(({ sees, probe }) => ({ sees, probe }))).toEqual(
          experts.length === 0 ? [] : [{ sees: experts.map(({ id }) => id), probe: false }],
        )
      }),
    ))

  it('leaves a valid model', () => everyGrowth((_old, next) => expect(check(next)).toEqual([])))

  it('gives the same plan for the same evidence', () =>
    everyGrowth((old, _next, { policy, evidence }) =>
      expect(decide(structuredClone(policy), structuredClone(evidence))(structuredClone(old))).toEqual(decide(policy, evidence)(old)),
    ))

  it('is undone by the inverse of its patch, down to the hash', () =>
    everyGrowth((old, next) => expect(hash(right(apply(invert(diff(old, next)))(next)))).toBe(hash(old))))

  it('that grows nothing adds the task and its routers, and no more', () =>
    everyGrowth((old, _next, { policy, evidence }) => {
      const plan = right(decide({ ...policy, criterion: { kind: 'nowhere' } }, evidence)(old))
      expect(plan.experts).toEqual([])
      const titles = diff(old, right(grow(plan)(old))).changes.map(titleOf)
      expect(titles.filter((title) => title !== 'task added' && title !== 'router added')).toEqual([])
    }))

  it('takes a plan to its own parent only', () =>
    everyGrowth((old, next, { policy, evidence }) => {
      const plan = right(decide(policy, evidence)(old))
      expect(E.isLeft(grow(plan)(next))).toBe(true)
    }))
})

describe('probing', () => {
  it('adds temporary experts and one temporary router at every site, and leaves a valid model', () =>
    forAll(growing, ({ model, policy }) => {
      const probed = right(withProbes(policy, 'new')(model))
      expect(check(probed)).toEqual([])
      probed.sites.forEach(({ experts, routers }, i) => {
        expect(experts.filter(({ probe }) => probe)).toHaveLength(policy.probe.experts)
        expect(routers.filter(({ probe }) => probe).map(({ sees }) => sees)).toEqual([experts.map(({ id }) => id)])
        expect(experts.filter(({ probe }) => !probe)).toEqual(model.sites[i]?.experts)
      })
    }))
})
