import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { diagnostic } from '../../dsl/diagnostics.js'
import { type Checked, type ModelSpec, type Patch, type Traced, checked, hash, trace } from '../../dsl/index.js'
import { match } from '../../dsl/match.js'
import { bug } from '../invariant.js'
import { carryBase } from './carry/base.js'
import { behind } from './carry/behind.js'
import { type Carrying, fresh } from './carry/carry.js'
import { carryExpert } from './carry/expert.js'
import { leftOver } from './carry/left-over.js'
import { folded } from './carry/folded.js'
import { carryLocator } from './carry/locator.js'
import { fitting, fittingOne } from './carry/pattern.js'
import { carryRouter } from './carry/router.js'
import type { Made, Named, WeightStep } from './carry/step.js'
import type { Owner, Parameter } from './parameter.js'
import { parameters } from './parameters.js'

/** What a patch does to every tensor, known before any of them exists. Plain data: it can be printed, saved and looked through. */
export interface WeightPlan {
  /** Hash of the version whose tensors are taken. */
  readonly from: string
  /** Hash of the version whose tensors are made. */
  readonly to: string
  /** All tensors that have to be there: those of the old version, and probes of which experts are copies. */
  readonly reads: readonly Named[]
  /** One step for each tensor of the new version, in its order, then those of the old one that nothing continues, in theirs. */
  readonly steps: readonly WeightStep[]
}

export interface WeightPlanOptions {
  /** Names of tensors that start anew whatever they were, `*` standing for anything; without this, a tensor whose shape changed is a problem. */
  readonly reinitialise?: readonly string[]
}

const carried = (carrying: Carrying, parameter: Parameter): Checked<Made> =>
  match<Owner, Checked<Made>>({
    base: (owner) => carryBase(carrying, { ...parameter, owner }),
    expert: (owner) => carryExpert(carrying, { ...parameter, owner }),
    router: (owner) => carryRouter(carrying, { ...parameter, owner }),
    locator: (owner) => carryLocator(carrying, { ...parameter, owner }),
  })(parameter.owner)

const asked = ['it is asked to start anew']

/** The tensors that copies are made of beyond those of the old version: probes. */
const sourcesOf = (step: Made): readonly Named[] =>
  step.kind === 'copy' ? (step.of.kind === 'keep' ? [{ name: step.of.name, shape: step.of.shape }] : sourcesOf(step.of)) : []

/** How every tensor of the new version comes to be, in its order. */
const madeBy = (carrying: Omit<Carrying, 'madeOf'>, patterns: readonly string[]): Checked<readonly Made[]> => {
  const anew = fittingOne(patterns)
  const known = new Map<string, Checked<Made>>()
  const whole: Carrying = { ...carrying, madeOf: (name) => known.get(name) ?? bug(`${name} is a copy of what comes after it`) }
  for (const parameter of carrying.next.values()) {
    const { name, shape, owner } = parameter
    known.set(
      name,
      anew(name) ? E.right({ kind: 'initialise', name, shape, owner, because: asked, initial: fresh(parameter) }) : carried(whole, parameter),
    )
  }
  const tensors = [...known.keys()]
  const idle = patterns.filter((pattern) => !tensors.some(fitting(pattern)))
  const wrong = [
    ...idle.map((pattern) => diagnostic('reinitialises-nothing', undefined, { pattern })),
    ...[...known.values()].flatMap((each) => (E.isLeft(each) ? each.left : [])),
  ]
  return wrong.length > 0 ? E.left(folded(wrong, tensors)) : E.right([...known.values()].flatMap((each) => (E.isRight(each) ? [each.right] : [])))
}

/** The plan of steps that make all that the new version has: with what they read, and what is dropped. */
const completed = ({ before, after, old, behind }: Omit<Carrying, 'madeOf'>, patterns: readonly string[], steps: readonly Made[]): WeightPlan => {
  const anew = fittingOne(patterns)
  const probes = new Map(steps.flatMap(sourcesOf).map((source) => [source.name, source]))
  return {
    from: hash(before),
    to: hash(after),
    reads: [...[...old.values()].map(({ name, shape }): Named => ({ name, shape })), ...[...probes.values()].filter(({ name }) => !old.has(name))],
    steps: [...steps, ...leftOver([...old.values()], steps, (name) => (anew(name) ? asked : behind(name)))],
  }
}

/**
 * What a patch does to every tensor of the version that it is applied to: all that the new version has comes from somewhere, all that the old one has
 * goes somewhere, and each shape fits. Or everything that is wrong: where the patch does not fit, and every tensor that it asks more of than there is.
 */
export const weightPlan =
  (patch: Patch, { reinitialise = [] }: WeightPlanOptions = {}) =>
  (spec: ModelSpec): Checked<WeightPlan> =>
    pipe(
      checked(spec),
      E.flatMap(trace(patch)),
      E.chainFirst(({ after }) => checked(after)),
      E.flatMap((traced: Traced<ModelSpec>) => {
        const { before, after } = traced
        const carrying = { ...traced, old: parameters(before), next: parameters(after), behind: behind(patch, after) }
        return pipe(
          madeBy(carrying, reinitialise),
          E.map((steps) => completed(carrying, reinitialise, steps)),
        )
      }),
    )
