import * as fc from 'fast-check'
import { Evidence, ExperimentSpec, GrowthPlan, PolicySpec, type Spec, StudySpec, TrainingSpec, decodeSpec } from '../../dsl/index.js'
import type { SpecKind } from '../../dsl/kinds.js'
import type { Shape } from '../../dsl/schema/index.js'
import { valueOf } from './arbitrary.js'
import { validModel } from './models.js'
import { right } from './right.js'

/** A spec without one of its parts, which is drawn from better ones. */
const without = (shape: Shape, part: string): fc.Arbitrary<unknown> =>
  shape.kind === 'struct'
    ? valueOf({ kind: 'struct', fields: Object.fromEntries(Object.entries(shape.fields).filter(([field]) => field !== part)) })
    : fc.constant({})

const experiment = fc.tuple(without(ExperimentSpec.shape, 'model'), validModel).map(([json, model]) => right(decodeSpec({ ...Object(json), model })))

/** Specs of every kind. */
export const specs: { readonly [K in SpecKind]: fc.Arbitrary<Spec> } = {
  model: validModel,
  policy: valueOf(PolicySpec.shape).map((json) => right(decodeSpec(json))),
  training: valueOf(TrainingSpec.shape).map((json) => right(decodeSpec(json))),
  evidence: valueOf(Evidence.shape).map((json) => right(decodeSpec(json))),
  plan: valueOf(GrowthPlan.shape).map((json) => right(decodeSpec(json))),
  experiment,
  study: fc.tuple(without(StudySpec.shape, 'base'), experiment).map(([json, base]) => right(decodeSpec({ ...Object(json), base }))),
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (element: Json): unknown => element['id'] ?? element['task'] ?? element['site'] ?? element['expert']

/** A value between two: each part as it is in the one or the other, elements of lists kept, gone, come, or in another place. */
const between = (a: unknown, b: unknown, flip: () => boolean): unknown => {
  if (Array.isArray(a) && Array.isArray(b) && [...a, ...b].every(isObject)) {
    const kept = a.filter(isObject).filter(() => flip() || flip())
    const named = new Map(b.filter(isObject).map((element) => [nameOf(element), element]))
    const mixed = kept.map((element) => (named.has(nameOf(element)) ? between(element, named.get(nameOf(element)), flip) : element))
    const come = b.filter(isObject).filter((element) => flip() && !a.some((other) => isObject(other) && nameOf(other) === nameOf(element)))
    const turned = flip() || flip() ? mixed : mixed.toReversed()
    return flip() ? [...turned, ...come] : [...turned.slice(0, 1), ...come, ...turned.slice(1)]
  }
  if (isObject(a) && isObject(b) && a['kind'] === b['kind'] && Object.keys(a).every((key) => key in b) && flip())
    return Object.fromEntries(Object.entries(a).map(([key, part]) => [key, between(part, b[key], flip)]))
  return flip() ? a : b
}

/** Three specs of a kind that share much: each is a mix of the last and another, another altogether, or one that was there before. */
export const related = (spec: fc.Arbitrary<Spec>): fc.Arbitrary<readonly [Spec, Spec, Spec]> =>
  fc
    .tuple(spec, spec, spec, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), fc.nat(9), fc.nat(9))
    .map(([a, d, e, coins, first, second]): readonly [Spec, Spec, Spec] => {
      let tossed = 0
      const flip = (): boolean => coins[tossed++ % coins.length] === true
      const next = (last: Spec, other: Spec, how: number): Spec => (how === 0 ? other : how === 1 ? a : right(decodeSpec(between(last, other, flip))))
      const b = next(a, d, first)
      return [a, b, next(b, e, second)]
    })
