import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { diagnostic } from '../../../dsl/diagnostics.js'
import type { Checked, Keys, ModelSpec, Traced } from '../../../dsl/index.js'
import { pathOf } from '../../../dsl/path.js'
import { type Shape, same } from '../../shape.js'
import { freshFactor } from '../grown.js'
import { names } from '../names.js'
import type { Fresh, Owner, Parameter, ParameterTable } from '../parameter.js'
import type { Made } from './step.js'

/** What carrying tensors from one version to the next goes by. */
export interface Carrying extends Traced<ModelSpec> {
  readonly old: ParameterTable
  readonly next: ParameterTable
  /** The changes behind a tensor that came, went or has another shape, and those at a place, in words. */
  readonly behind: (name: string, at?: Keys) => readonly string[]
  /** How another tensor of the new version comes to be. */
  readonly madeOf: (name: string) => Checked<Made>
}

/** A parameter of one kind of owner. */
export type Of<K extends Owner['kind']> = Parameter & { readonly owner: Extract<Owner, { readonly kind: K }> }

/** How the tensors of one kind of owner come to be: one file each. */
export type Carry<K extends Owner['kind']> = (carrying: Carrying, parameter: Of<K>) => Checked<Made>

/** An expert's factor, as its name says. */
export const factorOf = ({ name, owner: { site, expert } }: Of<'expert'>): 'A' | 'B' => (name === names.expert(site, expert, 'A') ? 'A' : 'B')

/** How a tensor starts when nothing is to be taken over. */
export const fresh = ({ name, shape, owner, initial }: Parameter): Fresh =>
  initial.kind !== 'copy'
    ? initial
    : owner.kind === 'expert'
      ? freshFactor(factorOf({ name, shape, owner, initial }), shape[1] ?? 1)
      : { kind: 'zeros' }

/** A tensor that is a copy of another of the new version; or of a probe, which is of neither version unless the old one still has it. */
export const copied = ({ next, behind, madeOf }: Carrying, { name, shape, owner }: Parameter, of: string): Checked<Made> => {
  const because = behind(name)
  const copy = (source: Made): Made => ({ kind: 'copy', name, shape, owner, because, of: source })
  return next.has(of) ? pipe(madeOf(of), E.map(copy)) : E.right(copy({ kind: 'keep', name: of, shape, owner, because: [] }))
}

/** A tensor that is of the new version only. */
export const begun = (carrying: Carrying, parameter: Parameter): Checked<Made> => {
  const { name, shape, owner, initial } = parameter
  return initial.kind === 'copy'
    ? copied(carrying, parameter, initial.of)
    : E.right({ kind: 'initialise', name, shape, owner, because: carrying.behind(name), initial })
}

/** That a tensor would need values that it does not have. */
export const misfit = ({ behind }: Carrying, { name, shape }: Parameter, found: Shape): Checked<never> =>
  E.left([diagnostic('tensor-other-shape', pathOf([name]), { from: found, to: shape, because: behind(name) })])

/** A tensor that goes on as it was, perhaps under another name; or, where there was none, begins. */
export const continued = (carrying: Carrying, parameter: Parameter, from: string): Checked<Made> => {
  const { name, shape, owner } = parameter
  const was = carrying.old.get(from)
  if (was === undefined) return begun(carrying, parameter)
  if (!same(was.shape, shape)) return misfit(carrying, parameter, was.shape)
  return E.right(
    from === name
      ? { kind: 'keep', name, shape, owner, because: [] }
      : { kind: 'rename', name, shape, owner, because: carrying.behind(name), from, was: was.owner },
  )
}
