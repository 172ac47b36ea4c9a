import { shortHash } from '../short-hash.js'

/** What each finding has to be told. */
interface Told {
  readonly missing: { readonly what: string }
  readonly orphan: { readonly what: string }
  readonly twice: { readonly version: string }
  readonly 'no-root': { readonly versions: number }
  readonly 'several-roots': { readonly versions: readonly string[] }
  readonly 'unknown-parent': { readonly version: string; readonly parent: string }
  readonly circle: { readonly version: string }
  readonly reordered: { readonly version: string; readonly parent: string }
  readonly forged: { readonly found: string }
  readonly 'another-patch': { readonly wanted: readonly [string, string]; readonly found: readonly [string, string] }
  readonly 'patch-fails': { readonly because: string }
  readonly 'other-tasks': {
    readonly version: string
    readonly said: string | null
    readonly before: readonly string[]
    readonly after: readonly string[]
  }
  readonly 'other-evidence': { readonly evidence: string }
  readonly 'other-task': { readonly said: string | null; readonly found: string }
  readonly 'plan-fails': { readonly because: string | null }
  readonly 'no-way': { readonly from: string; readonly to: string }
}

/** What is wrong with a lineage; stable, for programs to read. */
export type LineageCode = keyof Told

/** Something in a lineage that is not as it was written: in which file, and what that means. */
export interface LineageFinding {
  readonly code: LineageCode
  readonly file: string
  readonly message: string
}

const named = (tasks: readonly string[]): string => (tasks.length === 0 ? 'no task' : tasks.join(', '))

/** Every message on lineages. */
const table: { readonly [C in LineageCode]: (told: Told[C]) => string } = {
  missing: ({ what }) => `the lineage names this ${what}, which is not there; restore it`,
  orphan: ({ what }) => `no version of the lineage names this ${what}; it was put here, or its version was taken out`,
  twice: ({ version }) => `lists version ${shortHash(version)} twice`,
  'no-root': ({ versions }) => `none of its ${versions} versions is the first: each has a parent, or there is none`,
  'several-roots': ({ versions }) => `versions ${versions.map(shortHash).join(' and ')} have no parent; a lineage begins once`,
  'unknown-parent': ({ version, parent }) => `version ${shortHash(version)} comes from ${shortHash(parent)}, which it does not list`,
  circle: ({ version }) => `version ${shortHash(version)} is made of itself`,
  reordered: ({ version, parent }) =>
    `lists version ${shortHash(version)} before its parent ${shortHash(parent)}; versions are in the order they came`,
  forged: ({ found }) => `hashes to ${found}, which is not its name; it was changed after it was written`,
  'another-patch': ({ wanted, found }) =>
    `leads from ${shortHash(found[0])} to ${shortHash(found[1])}; the lineage wants one from ${shortHash(wanted[0])} to ${shortHash(wanted[1])}`,
  'patch-fails': ({ because }) => `is not what leads from its parent to this version: ${because}`,
  'other-tasks': ({ version, said, before, after }) =>
    `says that version ${shortHash(version)} was ${said === null ? 'taught no task' : `taught ${said}`}, yet it knows ${named(after)}, and what it came from ${named(before)}`,
  'other-evidence': ({ evidence }) => `rests on other evidence than ${evidence}`,
  'other-task': ({ said, found }) => `is of task ${found}; the lineage says ${said ?? 'no task'}`,
  'plan-fails': ({ because }) => `does not make this version of its parent${because === null ? '' : `: ${because}`}`,
  'no-way': ({ from, to }) =>
    `there is no way from version ${shortHash(from)} to ${shortHash(to)}: one of them is not in this lineage, or they share no version`,
}

/** The finding of a code, worded. */
export const finding = <C extends LineageCode>(code: C, file: string, told: Told[C]): LineageFinding => ({ code, file, message: table[code](told) })
