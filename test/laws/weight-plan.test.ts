import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { bug } from '../../compiler/invariant.js'
import type { WeightStep } from '../../compiler/plan/carry/step.js'
import { initialise } from '../../compiler/plan/initialise.js'
import { migrate } from '../../compiler/plan/migrate.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type WeightPlan, weightPlan } from '../../compiler/plan/weight-plan.js'
import { same, size } from '../../compiler/shape.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import {
  type Change,
  type ModelSpec,
  type Patch,
  apply,
  changes,
  check,
  concat,
  decide,
  diff,
  grow,
  hash,
  invert,
  nothing,
  printPath,
  withProbes,
} from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { growing, validModel } from './models.js'
import { right } from './right.js'

const cases = 1000
const seed = 5

/** A store without a device around it. */
const shelf = (): { readonly device: Device; readonly tensors: Map<string, Tensor> } => {
  const tensors = new Map<string, Tensor>()
  const get = (name: string): Tensor => tensors.get(name) ?? bug(`no ${name}`)
  const store: Device['store'] = {
    put: (name, tensor) => void tensors.set(name, tensor),
    get: (name) => Promise.resolve(get(name)),
    has: (name) => tensors.has(name),
    drop: (name) => void tensors.delete(name),
    names: () => [...tensors.keys()],
    bytes: () => 0,
  }
  return { tensors, device: { name: 'shelf', store, load: () => bug('nothing runs here'), dispose: () => Promise.resolve() } }
}

/** Tensors under the names that a plan reads; no two values are the same. */
const numbered = ({ reads }: WeightPlan): Tensors => {
  let next = 0
  return Object.fromEntries(reads.map(({ name, shape }) => [name, { shape, data: Float32Array.from({ length: size(shape) }, () => next++) }]))
}

const equal = (a: Tensor | undefined, b: Tensor | undefined): boolean =>
  a !== undefined && b !== undefined && same(a.shape, b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]))

/** The names under which two sets of tensors do not hold the same bits. Matchers would take most of the time of these laws. */
const differing = (found: Tensors, wanted: Tensors): readonly string[] =>
  [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter((name) => !equal(found[name], wanted[name]))

const migrated = (plan: WeightPlan, tensors: Tensors): Tensors =>
  E.getOrElseW((wrong: readonly string[]) => bug(wrong.join('\n')))(migrate(plan)(tensors, seed))

const planned = (patch: Patch, model: ModelSpec): WeightPlan => right(weightPlan(patch)(model))

/** The rows, or columns, of old tensors that a step makes its own, each as text; all of a tensor is all of its rows. */
const takes = (step: WeightStep, old: ReadonlyMap<string, readonly number[]>): readonly string[] => {
  const lines = (name: string, axis: number, start: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `${name} ${axis} ${start + i}`)
  const whole = (name: string): readonly string[] =>
    lines(name, name.includes('lora_B') ? 1 : 0, 0, old.get(name)?.at(name.includes('lora_B') ? 1 : 0) ?? 0)
  switch (step.kind) {
    case 'keep':
      return whole(step.name)
    case 'rename':
      return whole(step.from)
    case 'rows':
      return [...new Set(step.rows.flat())].flatMap((row) => lines(step.from, 0, row, 1))
    case 'slice':
    case 'join':
      return step.pieces.flatMap(({ from, axis, start, count }) => lines(from, axis, start, count))
    case 'drop':
      return step.piece === null ? whole(step.name) : lines(step.name, step.piece.axis, step.piece.start, step.piece.count)
    case 'copy':
    case 'initialise':
      return []
  }
}

/** What says that every tensor of the new version is made once, in order and shape, and that every row of every old one goes somewhere, once. */
const account = ({ steps }: WeightPlan, old: ReadonlyMap<string, readonly number[]>): string =>
  [
    ...steps.flatMap(({ kind, name, shape }) => (kind === 'drop' ? [] : [`${name} [${shape.join()}]`])),
    ...steps.flatMap((step) => takes(step, old)).toSorted(),
  ].join('\n')

/** The account of a plan, and as it should be. */
const accounts = (plan: WeightPlan, before: ModelSpec, after: ModelSpec): readonly [string, string] => {
  const old = new Map([...parameters(before).values()].map(({ name, shape }) => [name, shape]))
  const next = [...parameters(after).values()].map(({ name, shape }) => `${name} [${shape.join()}]`)
  const owner = { kind: 'base', part: 'decoder' } as const
  const all = [...old].flatMap(([name, shape]) => takes({ kind: 'drop', name, shape, owner, because: [], piece: null }, old))
  return [account(plan, old), [...next, ...all.toSorted()].join('\n')]
}

/** A growth: the patch, both versions, and the old one with its probes. */
const growth = growing.map(({ model, policy, evidence }) => {
  const next = right(grow(right(decide(policy, evidence)(model)))(model))
  return { before: model, after: next, patch: diff(model, next), probed: right(withProbes(policy, 'new')(model)) }
})

/** Two models with a history each, on one base. */
const pair = fc.tuple(validModel, validModel).map(([a, b]): readonly [ModelSpec, ModelSpec] => {
  const decoder = { ...a.decoder, layers: 3 }
  return [
    { ...a, decoder },
    { ...b, vision: a.vision, connector: a.connector, decoder },
  ]
})

const patchOf = (model: ModelSpec, list: readonly Change[]): Patch => ({ ...nothing(hash(model)), changes: list })

/** A model, and new names for some of its tasks and experts. */
const renaming = validModel.chain((model) =>
  fc
    .subarray<Change>([
      ...model.tasks.map(({ id }) => changes.renamed(['tasks'], 'task', id, `new-${id}`)),
      ...model.sites.flatMap((site) => site.experts.map(({ id }) => changes.renamed(['sites', site.id, 'experts'], 'expert', id, `new-${id}`))),
    ])
    .map((list) => ({ model, patch: patchOf(model, list) })),
)

/** A model, and one of its experts in parts that share out its rank. */
const splitting = validModel
  .filter(({ sites }) => sites.some(({ experts }) => experts.length > 0))
  .chain((model) =>
    fc
      .tuple(
        fc.constantFrom(...model.sites.flatMap((site) => site.experts.map((one, i) => ({ site, one, after: site.experts[i - 1]?.id ?? null })))),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
      )
      .map(([{ site, one, after }, first, keeps]) => {
        const ranks = first < one.rank ? [first, one.rank - first] : [one.rank]
        const parts = ranks.map((rank, i) => ({
          ...one,
          rank,
          alpha: (one.alpha / one.rank) * rank,
          id: keeps && i === 0 ? one.id : `${one.id}.part.${i}`,
        }))
        return { model, patch: patchOf(model, [changes.split(['sites', site.id, 'experts'], after, one, parts)]) }
      }),
  )
  .filter(({ model, patch }) => check(right(apply(patch)(model))).length === 0)

describe('a weight plan', { timeout: 600_000 }, () => {
  it('makes every new tensor once and takes every old one somewhere once, or names each whose shape does not fit', () =>
    forAll(
      pair,
      ([a, b]) => {
        const patch = diff(a, b)
        const plan = weightPlan(patch)(a)
        const wrong = E.isLeft(plan) ? plan.left : []
        expect(wrong.filter(({ code }) => code !== 'tensor-other-shape')).toEqual([])
        const [found, wanted] = accounts(right(weightPlan(patch, { reinitialise: wrong.map(({ path }) => printPath(path)) })(a)), a, b)
        expect(found).toBe(wanted)
      },
      cases,
    ))

  it('covers growth, new names and parts, and what takes them back', () =>
    forAll(
      fc.oneof(
        growth.map(({ before, patch }) => ({ model: before, patch })),
        renaming,
        splitting,
      ),
      ({ model, patch }) => {
        const next = right(apply(patch)(model))
        const [[there, wantedThere], [back, wantedBack]] = [
          accounts(planned(patch, model), model, next),
          accounts(planned(invert(patch), next), next, model),
        ]
        expect([there, back]).toEqual([wantedThere, wantedBack])
      },
      cases,
    ))
})

describe('weights', { timeout: 600_000 }, () => {
  it('that a growth carries over are those that compiling the grown model into the same store gives, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(growth, async ({ before, after, patch, probed }) => {
        const { device, tensors } = shelf()
        await allocate(device, seed)(before)
        const probes = await allocate(device, seed)(probed)
        const plan = planned(patch, before)
        const read = Object.fromEntries(plan.reads.map(({ name }) => [name, tensors.get(name) ?? bug(`no ${name}`)]))
        // As a run does: only the probes that experts are copied from are there when the grown model is compiled.
        for (const name of probes) if (read[name] === undefined) device.store.drop(name)
        await allocate(device, seed)(after)
        const found = migrated(plan, read)
        expect(Object.keys(found)).toEqual([...parameters(after).keys()])
        expect(
          differing(found, Object.fromEntries([...parameters(after).keys()].map((name) => [name, tensors.get(name) ?? bug(`no ${name}`)]))),
        ).toEqual([])
        expect([...parameters(before).keys()].filter((name) => found[name] !== read[name])).toEqual([])
      }),
      { numRuns: cases },
    )
  })

  it('are what they were when a growth is taken back: what had come goes, all else is the same object', () =>
    forAll(
      growth,
      ({ before, after, patch }) => {
        const [there, back] = [planned(patch, before), planned(invert(patch), after)]
        const read = numbered(there)
        const again = migrated(back, migrated(there, read))
        const names = (plan: WeightPlan, ...kinds: readonly WeightStep['kind'][]) =>
          plan.steps.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name)
        expect(names(back, 'drop')).toEqual(names(there, 'initialise', 'copy'))
        expect(names(back, 'keep')).toEqual([...parameters(before).keys()])
        expect([...parameters(before).keys()].filter((name) => again[name] !== read[name])).toEqual([])
      },
      cases,
    ))

  it('go on under new names, as the same objects, and come back', () =>
    forAll(
      renaming,
      ({ model, patch }) => {
        const plan = planned(patch, model)
        const read = numbered(plan)
        const next = migrated(plan, read)
        expect(new Set(Object.values(next))).toEqual(new Set(Object.values(read)))
        expect(plan.steps.filter(({ kind }) => kind !== 'keep' && kind !== 'rename')).toEqual([])
        expect(differing(migrated(planned(invert(patch), right(apply(patch)(model))), next), read)).toEqual([])
      },
      cases,
    ))

  it('of an expert in parts are its own again when the parts are one again', () =>
    forAll(
      splitting,
      ({ model, patch }) => {
        const plan = planned(patch, model)
        const read = numbered(plan)
        expect(differing(migrated(planned(invert(patch), right(apply(patch)(model))), migrated(plan, read)), read)).toEqual([])
      },
      cases,
    ))

  it('go one way in two steps or in one', () =>
    forAll(
      growth.chain(({ before, after, patch }) =>
        fc
          .constantFrom(invert(patch), patchOf(after, [changes.renamed(['tasks'], 'task', 'new', 'newer')]))
          .map((next) => ({ before, after, patch, next })),
      ),
      ({ before, after, patch, next }) => {
        const first = planned(patch, before)
        const read = numbered(first)
        const { reads, ...both } = planned(concat(patch, next), before)
        // Probes are called after their task. A task that gets a new name after it has learnt takes its tensors along; one that has it from the start draws others.
        const drawn = new Set(both.steps.flatMap(({ kind, name }) => (kind === 'initialise' || kind === 'copy' ? [name] : [])))
        const [twice, once] = [
          migrated(planned(next, after), migrated(first, read)),
          migrated(
            { ...both, reads },
            Object.fromEntries(reads.map(({ name }) => [name, read[name] ?? read[name.replace('newer.probe.', 'new.probe.')] ?? bug(name)])),
          ),
        ]
        expect(Object.keys(once)).toEqual(Object.keys(twice))
        expect(differing(once, twice).filter((name) => !drawn.has(name))).toEqual([])
      },
      cases,
    ))

  it('that start anew are drawn under the seed, from a stream of their own', () =>
    forAll(
      growth,
      ({ before, patch }) => {
        const plan = planned(patch, before)
        const read = numbered(plan)
        const [one, other] = [seed, seed + 1].map((each) => E.getOrElseW(() => bug('no tensors'))(migrate(plan)(read, each)))
        const begun = plan.steps.flatMap((step) => (step.kind === 'initialise' ? [step] : []))
        expect(begun.map(({ name }) => one?.[name])).toEqual(begun.map((step) => initialise(seed, undefined)(step)))
        const drawn = begun.filter(({ initial }) => initial.kind === 'uniform')
        expect(drawn.filter(({ name }) => differing({ x: one?.[name] ?? bug(name) }, { x: other?.[name] ?? bug(name) }).length === 0)).toEqual([])
      },
      cases,
    ))
})
