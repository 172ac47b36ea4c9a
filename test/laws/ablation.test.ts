import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Design,
  type Edit,
  type Expansion,
  type ExperimentSpec,
  apply,
  chain,
  expand,
  experiment,
  factor,
  hash,
  leaveOneOut,
  miniCoin,
  named,
  one,
  oneFactor,
  optionally,
  product,
  region,
  set,
  study,
  zip,
} from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { growing } from './models.js'
import { right } from './right.js'

/** A factor of an experiment: the place that its edits touch, and the edit for each level. Levels are above every value that bases have. */
interface Factor {
  readonly place: string
  readonly edit: (level: number) => Edit
}

const factors: readonly Factor[] = [
  { place: 'policy.probe.steps', edit: (n) => named(`probing = ${n}`, [set(one('probe'), 'steps', n)]) },
  { place: 'policy.probe.learningRate', edit: (n) => named(`rate = ${n}`, [set(one('probe'), 'learningRate', n)]) },
  { place: 'training.batch', edit: (n) => named(`batch = ${n}`, [set(one('training'), 'batch', n)]) },
  { place: 'training.schedule.warmup', edit: (n) => named(`warmup = ${1 / n}`, [set(one('schedule'), 'warmup', 1 / n)]) },
  { place: 'seed', edit: (n) => named(`seed = ${n}`, [set(one('experiment'), 'seed', n)]) },
  { place: 'model.decoder.rope.theta', edit: (n) => named(`theta = ${n}`, [set(one('rope'), 'theta', n)]) },
  { place: 'model.decoder.positions', edit: (n) => named(`positions = ${n}`, [set(one('decoder'), 'positions', n)]) },
]

/** A design with what it must come to: how many variants, the base among them or not, and which places they may touch. */
interface Planned {
  readonly design: Design
  readonly count: number
  readonly base: boolean
  readonly places: readonly string[]
}

const levelsOf = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => 50_000 + i)

const leaf = ({ place, edit }: Factor, n: number): Planned => ({ design: factor(edit, ...levelsOf(n)), count: n, base: false, places: [place] })

const together = (parts: readonly Planned[], design: Design, count: number, base = false): Planned => ({
  design,
  count,
  base,
  places: parts.flatMap(({ places }) => places),
})

const designs = (parts: readonly Planned[]): readonly Design[] => parts.map(({ design }) => design)

const sum = (parts: readonly Planned[]): number => parts.reduce((total, { count }) => total + count, 0)

const times = (parts: readonly Planned[]): number => parts.reduce((total, { count }) => total * count, 1)

/** Factors that nobody has used yet, dealt out: so no two variants can be one. */
const planned: fc.Arbitrary<Planned> = fc
  .tuple(fc.shuffledSubarray([...factors], { minLength: 4, maxLength: 5 }), fc.integer({ min: 1, max: 2 }), fc.infiniteStream(fc.nat({ max: 5 })))
  .map(([hand, n, dice]): Planned => {
    const roll = (): number => dice.next().value
    const edits = (some: readonly Factor[]): readonly Edit[] => some.map(({ edit }) => edit(50_000))
    const leaves = hand.slice(0, 2).map((each) => leaf(each, n))
    const rest = hand.slice(2)
    const places = rest.map(({ place }) => place)
    const inner =
      roll() % 2 === 0
        ? { design: chain(...edits(rest)), count: rest.length, base: false, places }
        : { design: leaveOneOut(...edits(rest)), count: rest.length + 1, base: false, places }
    const [first, second] = leaves
    if (first === undefined || second === undefined) throw new Error('a hand holds two factors at least')
    const pair = [
      together(leaves, product(...designs(leaves)), times(leaves)),
      together(leaves, zip(...designs(leaves)), n),
      together(leaves, oneFactor(...designs(leaves)), sum(leaves)),
      together(leaves, product(optionally(first.design), optionally(second.design)), (n + 1) ** 2, true),
    ][roll() % 4]
    const both = pair === undefined ? [inner] : [pair, inner]
    return roll() % 4 > 0
      ? together(both, oneFactor(...designs(both)), sum(both), pair?.base)
      : together(both, product(...designs(both)), times(both))
  })

const bases: fc.Arbitrary<ExperimentSpec> = growing
  .filter(({ model }) => model.sites.length > 0)
  .map(({ model, policy }) => experiment({ name: 'base', model, policy: { ...policy, criterion: { kind: 'everywhere' } }, stream: miniCoin() }))

const studies = fc.record({ base: bases, plan: planned })

const expanded = (base: ExperimentSpec, design: Design): Expansion => right(expand()(study('ablation', { base, design })))

/** An experiment without what lies at some places. */
const without = (experiment: ExperimentSpec, places: readonly string[]): string => {
  const rest: unknown = JSON.parse(JSON.stringify(experiment))
  for (const place of places) {
    const names = place.split('.')
    const holder = names.slice(0, -1).reduce((node, name) => (node as Record<string, unknown>)[name], rest)
    delete (holder as Record<string, unknown>)[names.at(-1) ?? '']
  }
  return JSON.stringify(rest)
}

// A thousand studies of some ten variants each: ten seconds on a machine that does nothing else.
describe('a study', { timeout: 600_000 }, () => {
  it('has as many variants as its design says, each one thing under one name, made of the base by its patch, and touching nothing undeclared', () =>
    forAll(
      studies,
      ({ base, plan: { design, count, base: withBase, places } }) => {
        const { variants } = expanded(base, design)
        expect(variants).toHaveLength(count - (withBase ? 1 : 0))
        expect(new Set(variants.map(({ label }) => label)).size).toBe(variants.length)
        expect(new Set([hash(base), ...variants.map((variant) => variant.hash)]).size).toBe(variants.length + 1)
        const kept = without(base, places)
        for (const { patch, spec, hash: name } of variants) {
          // Equal hashes are equal specs, and quicker to compare.
          expect([hash(right(apply(patch)(base))), hash(spec)]).toEqual([name, name])
          expect(without(spec, places)).toBe(kept)
        }
      },
      1000,
    ))

  it('has its variants in one order, whoever asks', () =>
    forAll(studies, ({ base, plan: { design } }) => {
      const labels = (of: Expansion): readonly string[] => of.variants.map(({ label }) => label)
      expect(labels(expanded(structuredClone(base), structuredClone(design)))).toEqual(labels(expanded(base, design)))
    }))

  it('refuses an edit that declares less than it does, whatever it is', () => {
    const greedy = fc.record({ base: bases, some: fc.shuffledSubarray([...factors], { minLength: 2 }), pick: fc.nat() })
    forAll(
      greedy,
      ({ base, some, pick }) => {
        const whole = some.map(({ edit }) => edit(50_000))
        const hidden = pick % whole.length
        const edit = named(
          'greedy',
          whole.flatMap(({ sets }) => sets),
          whole.toSpliced(hidden, 1).flatMap(({ touches }) => touches),
        )
        const result = expand()(study('ablation', { base, design: oneFactor(edit) }))
        expect(E.isLeft(result) && result.left.map(({ code }) => code)).toEqual(['edit-over-reaches'])
        expect(E.isLeft(result) && result.left[0]?.message).toContain(some[hidden]?.place.replaceAll('.', '/'))
        // A region that holds it makes it good.
        const declared = { ...edit, touches: [region(one('experiment'))] }
        expect(expanded(base, oneFactor(declared)).variants).toHaveLength(1)
      },
      1000,
    )
  })

  it('refuses what is there twice, wherever it stands', () =>
    forAll(
      studies,
      ({ base, plan: { design } }) => {
        const codes = expand()(study('ablation', { base, design: oneFactor(design, design) }))
        expect(E.isLeft(codes) && new Set(codes.left.map(({ code }) => code))).toEqual(new Set(['variant-twice']))
      },
      1000,
    ))
})
