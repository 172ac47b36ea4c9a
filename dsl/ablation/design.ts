import type { Budget, Constraint, Design, Edit, ExperimentSpec, Selector, StudySpec } from '../spec/index.js'

const lifted = (part: Design | Edit): Design => ('sets' in part ? { kind: 'edits', of: [part] } : part)

/** The levels of a factor: `factor(edits.rank, 2, 4, 16)`. */
export const factor = <A>(edit: (level: A) => Edit, ...levels: readonly A[]): Design => ({ kind: 'edits', of: levels.map(edit) })

/** One factor after another, the others as in the base. */
export const oneFactor = (...of: readonly (Design | Edit)[]): Design => ({ kind: 'one-factor', of: of.map(lifted) })

/** Every combination; the last factor varies fastest. */
export const product = (...of: readonly (Design | Edit)[]): Design => ({ kind: 'product', of: of.map(lifted) })

/** The first of each, the second of each ...: all have to be equally many. */
export const zip = (...of: readonly (Design | Edit)[]): Design => ({ kind: 'zip', of: of.map(lifted) })

/** Cumulative: the first edit, the first two, the first three ... */
export const chain = (...of: readonly Edit[]): Design => ({ kind: 'chain', of })

/** All edits together, then all but each. */
export const leaveOneOut = (...of: readonly Edit[]): Design => ({ kind: 'leave-one-out', of })

/** As in the base, too: `product(optionally(a), optionally(b))` is a, b and both. */
export const optionally = (of: Design | Edit): Design => ({ kind: 'optional', of: lifted(of) })

/** Those variants alone that keep to the constraints; they are judged when all their edits are done. */
export const where = (of: Design | Edit, ...keeps: readonly Constraint[]): Design => ({ kind: 'where', of: lifted(of), keeps })

/** Each variant at the base's cost, by turning a knob. */
export const matched = (of: Design | Edit, budget: Budget): Design => ({ kind: 'matched', of: lifted(of), budget })

/** A selector finds as many nodes as it says: `where(design, finds(pipe(one('lora'), having('rank', atMost(8)))))`. */
export const finds = (what: Selector): Constraint => ({ finds: true, what })

/** A selector does not find what it says. */
export const lacks = (what: Selector): Constraint => ({ finds: false, what })

/** A base and the design of its variants. */
export const study = (name: string, { base, design }: { readonly base: ExperimentSpec; readonly design: Design }): StudySpec => ({
  format: 'cmoe/study/1',
  name,
  base,
  design,
})
