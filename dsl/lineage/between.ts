import * as E from 'fp-ts/lib/Either.js'
import { type Patch, concat, invert, nothing, simplify } from '../diff/index.js'
import { groups } from '../groups.js'
import type { Archive } from './archive.js'
import { type LineageFinding, finding } from './finding.js'
import { type Lineage, lineageFile } from './lineage.js'

/** One step along a lineage: from a parent to its child, or back. */
export interface Step {
  readonly from: string
  readonly to: string
  /** The file of the patch that leads from the parent to the child. */
  readonly patch: string
  readonly back: boolean
}

const stepsFrom = ({ versions }: Lineage): ReadonlyMap<string, readonly Step[]> => {
  const steps = versions.flatMap(({ version, parents }) =>
    parents.flatMap((parent): readonly Step[] => [
      { from: parent.version, to: version, patch: parent.patch, back: false },
      { from: version, to: parent.version, patch: parent.patch, back: true },
    ]),
  )
  return groups(steps, ({ from }) => from)
}

/** The shortest way from one version to another, forth and back along the patches; nothing where there is none. */
export const wayBetween =
  (lineage: Lineage) =>
  (from: string, to: string): readonly Step[] | undefined => {
    const steps = stepsFrom(lineage)
    const known = lineage.versions.some(({ version }) => version === from)
    const ways = new Map<string, readonly Step[]>(known ? [[from, []]] : [])
    // A map is walked in the order in which it grows: those that are nearer come first.
    for (const [version, way] of ways) {
      if (version === to) return way
      for (const step of steps.get(version) ?? []) if (!ways.has(step.to)) ways.set(step.to, [...way, step])
    }
    return undefined
  }

/** What leads from one version of a lineage to any other: the patches along the way, turned round where it goes back, without what cancels itself. */
export const patchBetween =
  ({ lineage, patches }: Archive) =>
  (from: string, to: string): E.Either<readonly LineageFinding[], Patch> => {
    const way = wayBetween(lineage)(from, to)
    if (way === undefined) return E.left([finding('no-way', lineageFile, { from, to })])
    const lost = way.filter(({ patch }) => patches[patch] === undefined)
    if (lost.length > 0) return E.left(lost.map(({ patch }) => finding('missing', patch, { what: 'patch' })))
    const all = way.flatMap(({ patch, back }) => {
      const found = patches[patch]
      return found === undefined ? [] : [back ? invert(found) : found]
    })
    return E.right(simplify(all.reduce(concat, nothing(from))))
  }
