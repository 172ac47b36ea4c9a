import type { Either } from 'fp-ts/lib/Either.js'
import { shortHash } from './hash.js'
import { type Path, keys, pathOf, printPath } from './path.js'
import { suggest } from './suggest.js'

/** How a selector came to find nothing: what its filter wanted of so many nodes, and what they were instead. */
interface Missed {
  readonly count: number
  readonly filter: string
  /** The word that may be a slip of the hand. */
  readonly word: string | null
  readonly known: readonly string[]
}

/** What a budget wants, and the two numbers of its knob that come nearest. */
interface OutOfBudget {
  readonly knob: string
  readonly of: string
  readonly target: number
  readonly within: number
  readonly nearest: readonly { readonly n: number; readonly cost: number }[]
}

/** A tensor that a patch gives another shape, and the changes of the patch that do so. */
interface TensorOtherShape {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly because: readonly string[]
}

/** What each message has to be told. */
interface Told {
  readonly 'wrong-type': { readonly wanted: string; readonly found: unknown }
  readonly 'out-of-range': { readonly wanted: string; readonly found: unknown }
  readonly 'unknown-key': { readonly key: string; readonly known: readonly string[] }
  readonly 'missing-key': { readonly key: string }
  readonly 'unknown-value': { readonly found: unknown; readonly known: readonly string[] }
  readonly 'wrong-format': { readonly wanted: string; readonly found: unknown }
  readonly 'newer-format': { readonly wanted: string; readonly found: string }
  readonly 'unknown-task': { readonly task: string; readonly tasks: readonly string[] }
  readonly 'unknown-site': { readonly site: string; readonly sites: readonly string[] }
  readonly 'task-exists': { readonly task: string }
  readonly 'probes-left': { readonly experts: readonly string[] }
  readonly 'evidence-of-another': { readonly what: 'policy' | 'task'; readonly wanted: string; readonly found: string }
  readonly 'not-measured': { readonly what: string }
  readonly 'nothing-to-copy': { readonly rank: number }
  readonly 'another-parent': { readonly wanted: string; readonly found: string }
  readonly 'patch-missing': { readonly what: string }
  readonly 'patch-exists': { readonly id: string }
  readonly 'patch-differs': { readonly expected: unknown; readonly found: unknown }
  readonly 'patch-elsewhere': { readonly id: string; readonly expected: string | null; readonly found: string | null }
  readonly 'patch-taken': { readonly from: string; readonly to: string }
  readonly 'not-aligned': { readonly from: readonly string[]; readonly to: readonly string[] }
  readonly 'merge-conflict': { readonly base: unknown; readonly ours: unknown; readonly theirs: unknown }
  readonly 'patch-one-way': { readonly one: string; readonly parts: readonly string[] }
  readonly 'does-not-divide': { readonly part: string; readonly parts: number; readonly whole: string; readonly size: number }
  readonly 'too-large': { readonly what: string; readonly value: number; readonly most: number; readonly because: string }
  readonly 'pixels-left-over': { readonly image: number; readonly patch: number }
  readonly 'not-even': { readonly what: string; readonly value: number }
  readonly 'duplicate-id': { readonly id: string }
  readonly 'reserved-id': { readonly id: string; readonly because: string }
  readonly 'out-of-order': { readonly site: string; readonly after: string }
  readonly 'no-such-site': { readonly site: string; readonly decoder: string; readonly known: readonly string[] }
  readonly 'no-sites': { readonly example: string }
  readonly 'expert-not-at-site': { readonly expert: string; readonly experts: readonly string[] }
  readonly 'sees-nothing': { readonly task: string }
  readonly 'sees-probe': { readonly expert: string }
  readonly 'top-k-too-large': { readonly k: number; readonly experts: number }
  readonly 'rank-too-large': { readonly rank: number; readonly in: number; readonly out: number }
  readonly 'no-task': { readonly expert: string }
  readonly 'initial-of-task': { readonly task: string }
  readonly 'copy-of-unknown': { readonly of: string; readonly experts: readonly string[] }
  readonly 'copy-of-other-rank': { readonly of: string; readonly rank: number; readonly found: number }
  readonly 'probe-of-other-rank': { readonly probe: number; readonly expert: number }
  readonly 'finds-nothing': { readonly selector: string; readonly node: string; readonly missed: Missed | null }
  readonly 'finds-another-number': { readonly selector: string; readonly wanted: string; readonly found: readonly string[] }
  readonly 'edit-vacuous': { readonly edit: string; readonly overridden: boolean }
  readonly 'edit-over-reaches': { readonly edit: string; readonly touched: readonly string[]; readonly declared: readonly string[] }
  readonly 'variant-twice': { readonly other: string; readonly hash: string }
  readonly 'label-twice': { readonly label: string }
  readonly 'zip-uneven': { readonly lengths: readonly number[] }
  readonly 'out-of-budget': OutOfBudget
  readonly 'tensor-other-shape': TensorOtherShape
  readonly 'parts-other-rank': { readonly one: string; readonly rank: number; readonly parts: readonly number[] }
  readonly 'parts-other-scale': {
    readonly part: string
    readonly one: string
    readonly scale: number
    readonly found: number
    readonly alpha: number
  }
  readonly 'reinitialises-nothing': { readonly pattern: string }
  readonly 'no-such-place': { readonly key: string; readonly known: readonly string[]; readonly meant: string | null }
  readonly 'no-such-version': { readonly version: string }
  readonly 'either-or': { readonly one: string; readonly other: string; readonly both: boolean }
}

/** What a diagnostic is about; stable, for programs to read. */
export type Code = keyof Told

/** An error stops; a warning is only said. */
export type Level = 'error' | 'warning'

/** One row of the table of messages: how bad it is, what it says, and what was probably meant. */
interface Entry<C extends Code> {
  readonly severity: Level
  readonly text: (told: Told[C]) => string
  readonly meant?: (told: Told[C]) => string | undefined
}

const value = (found: unknown): string => {
  const text = JSON.stringify(found) ?? String(found)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

/** What one side of a merge has somewhere. */
const side = (found: unknown): string => (found === undefined ? 'not there' : value(found))

/** Where an element stands in its list. */
const behind = (id: string | null): string => (id === null ? 'at the front' : `behind '${id}'`)

const few = (words: readonly string[]): string =>
  words.length > 8 ? `${words.slice(0, 8).join(', ')} and ${words.length - 8} more` : words.join(', ')

const among = (words: readonly string[]): string => (words.length === 0 ? 'is none' : `${words.length === 1 ? 'is' : 'are'} ${few(words)}`)

/** The numbers of parts near the one given that do divide. */
const neighbours = (parts: number, size: number): string => {
  const fits = (n: number): boolean => n > 0 && size % n === 0
  const down = Array.from({ length: Math.min(parts, 1e5) }, (_, i) => parts - i).find(fits) ?? 1
  const up = Array.from({ length: Math.min(Math.max(0, size - parts), 1e5) }, (_, i) => parts + i).find(fits) ?? size
  return `${down === up ? down : `${down} and ${up}`} would do`
}

/** Every message of the language. Wording is read here and nowhere else. */
const table: { readonly [C in Code]: Entry<C> } = {
  'wrong-type': { severity: 'error', text: ({ wanted, found }) => `must be ${wanted}, is ${value(found)}` },
  'out-of-range': { severity: 'error', text: ({ wanted, found }) => `must be ${wanted}, is ${value(found)}` },
  'unknown-key': {
    severity: 'error',
    text: ({ key, known }) => `has no '${key}'; its keys are ${known.join(', ')}`,
    meant: ({ key, known }) => suggest(key, known),
  },
  'missing-key': { severity: 'error', text: ({ key }) => `lacks '${key}'` },
  'unknown-value': {
    severity: 'error',
    text: ({ found, known }) => `must be one of ${known.join(', ')}, is ${value(found)}`,
    meant: ({ found, known }) => (typeof found === 'string' ? suggest(found, known) : undefined),
  },
  'wrong-format': { severity: 'error', text: ({ wanted, found }) => `must be '${wanted}', is ${value(found)}` },
  'newer-format': { severity: 'error', text: ({ wanted, found }) => `'${found}' is newer than this cmoe, which reads '${wanted}'` },
  'unknown-task': {
    severity: 'error',
    text: ({ task, tasks }) => `there is no task '${task}'; there ${among(tasks)}`,
    meant: ({ task, tasks }) => suggest(task, tasks),
  },
  'unknown-site': {
    severity: 'error',
    text: ({ site, sites }) => `'${site}' is no site of this model; there ${among(sites)}`,
    meant: ({ site, sites }) => suggest(site, sites),
  },
  'task-exists': { severity: 'error', text: ({ task }) => `task '${task}' is there already; a task is taught once` },
  'probes-left': {
    severity: 'error',
    text: ({ experts }) => `still holds the probes ${few(experts)}; grow the version that was probed, not the probed one`,
  },
  'evidence-of-another': { severity: 'error', text: ({ what, wanted, found }) => `is of ${what} '${found}', not of '${wanted}'` },
  'not-measured': { severity: 'error', text: ({ what }) => `the policy decides on ${what}, which was not measured here` },
  'nothing-to-copy': { severity: 'error', text: ({ rank }) => `no expert of rank ${rank} was measured here, so there is none to copy` },
  'another-parent': { severity: 'error', text: ({ wanted, found }) => `grows version ${shortHash(wanted)}, this is ${shortHash(found)}` },
  'patch-missing': { severity: 'error', text: ({ what }) => `the patch changes ${what}, which is not there` },
  'patch-exists': { severity: 'error', text: ({ id }) => `the patch adds '${id}', which is there already` },
  'patch-differs': { severity: 'error', text: ({ expected, found }) => `the patch expects ${value(expected)}, there is ${value(found)}` },
  'patch-elsewhere': {
    severity: 'error',
    text: ({ id, expected, found }) => `the patch expects '${id}' ${behind(expected)}, it is ${behind(found)}`,
  },
  'patch-taken': { severity: 'error', text: ({ from, to }) => `the patch calls '${from}' '${to}', which is the name of something else here` },
  'not-aligned': {
    severity: 'error',
    text: ({ from, to }) => `pairs ${few(from)} with ${few(to)}; an element is another, one expert is several, or several are one`,
  },
  'merge-conflict': {
    severity: 'error',
    text: ({ base, ours, theirs }) => `was ${side(base)}; ours makes it ${side(ours)}, theirs ${side(theirs)}`,
  },
  'patch-one-way': {
    severity: 'error',
    text: ({ one, parts }) => `the patch puts ${few(parts)} for '${one}', or the other way round; here some are named without the others`,
  },
  'does-not-divide': {
    severity: 'error',
    text: ({ part, parts, whole, size }) => `${size} ${whole} cannot be shared by ${parts} ${part}; ${neighbours(parts, size)}`,
  },
  'too-large': { severity: 'error', text: ({ what, value, most, because }) => `${what} ${value} is above ${most}, ${because}` },
  'pixels-left-over': {
    severity: 'warning',
    text: ({ image, patch }) =>
      `a picture of ${image} pixels is not whole patches of ${patch}: the last ${image % patch} of each row and column are not seen`,
  },
  'not-even': { severity: 'error', text: ({ what, value }) => `${what} must be even, is ${value}; rotary positions turn pairs` },
  'duplicate-id': { severity: 'error', text: ({ id }) => `'${id}' is there twice; ids are unique among their neighbours` },
  'reserved-id': { severity: 'error', text: ({ id, because }) => `'${id}' cannot be used: ${because}` },
  'out-of-order': { severity: 'error', text: ({ site, after }) => `'${site}' comes after '${after}'; sites are in the order of the decoder` },
  'no-such-site': {
    severity: 'error',
    text: ({ site, decoder }) => `'${site}' is no site of ${decoder}; a site reads like 'decoder.0.ffn.up'`,
    meant: ({ site, known }) => suggest(site, known),
  },
  'no-sites': {
    severity: 'error',
    text: ({ example }) => `there is no site where experts may grow, so that no task could be learnt; name some, e.g. '${example}'`,
  },
  'expert-not-at-site': {
    severity: 'error',
    text: ({ expert, experts }) => `sees expert '${expert}', which is not at its site; there ${among(experts)}`,
    meant: ({ expert, experts }) => suggest(expert, experts),
  },
  'sees-nothing': { severity: 'error', text: ({ task }) => `the router of '${task}' sees no expert; a site without experts needs no router` },
  'sees-probe': { severity: 'error', text: ({ expert }) => `is permanent, but sees the probe '${expert}', which is temporary` },
  'top-k-too-large': { severity: 'error', text: ({ k, experts }) => `keeps the best ${k} of ${experts} experts; k is at most ${experts}` },
  'rank-too-large': {
    severity: 'error',
    text: ({ rank, ...size }) => `rank ${rank} is above ${Math.min(size.in, size.out)}, the rank of the ${size.in} to ${size.out} layer beside it`,
  },
  'no-task': { severity: 'error', text: ({ expert }) => `expert '${expert}' was grown, so it names the task that grew it` },
  'initial-of-task': { severity: 'error', text: ({ task }) => `was there from the start, so no task added it, yet it names '${task}'` },
  'copy-of-unknown': {
    severity: 'error',
    text: ({ of, experts }) => `copies '${of}', which is neither an earlier expert of this site nor a probe of its task; there ${among(experts)}`,
    meant: ({ of, experts }) => suggest(of, experts),
  },
  'copy-of-other-rank': { severity: 'error', text: ({ of, rank, found }) => `has rank ${rank} and copies '${of}', whose rank is ${found}` },
  'probe-of-other-rank': {
    severity: 'warning',
    text: ({ probe, expert }) => `copies the most activated expert, yet no probe fits: probes have rank ${probe}, experts rank ${expert}`,
  },
  'finds-nothing': {
    severity: 'error',
    text: ({ selector, node, missed }) =>
      `${selector} finds nothing: ${missed === null ? `there is no ${node} here` : `of ${missed.count} none is ${missed.filter}; there ${among(missed.known)}`}`,
    meant: ({ missed }) => (missed === null || missed.word === null ? undefined : suggest(missed.word, missed.known)),
  },
  'finds-another-number': {
    severity: 'error',
    text: ({ selector, wanted, found }) => `${selector} finds ${found.length} where it has to find ${wanted}: ${few(found)}`,
  },
  'edit-vacuous': {
    severity: 'error',
    text: ({ edit, overridden }) =>
      overridden ? `'${edit}' leaves no trace: another edit overrides it` : `'${edit}' changes nothing: it is so already; take it out`,
  },
  'edit-over-reaches': {
    severity: 'error',
    text: ({ edit, touched, declared }) =>
      `'${edit}' changes ${few(touched)}, which is not in what it declares (${declared.join('; ')}); declare it, or change less`,
  },
  'variant-twice': {
    severity: 'error',
    text: ({ other, hash }) => `is the same experiment as '${other}' (${shortHash(hash)}); a variant is run once`,
  },
  'label-twice': { severity: 'error', text: ({ label }) => `two different variants are called '${label}'; name one of their edits otherwise` },
  'zip-uneven': {
    severity: 'error',
    text: ({ lengths }) => `pairs ${lengths.join(' with ')} variants; those that are zipped have to be equally many`,
  },
  'out-of-budget': {
    severity: 'error',
    text: ({ knob, of, target, within, nearest }) =>
      `no ${knob} brings ${of} within ${100 * within} % of ${target}: ${nearest.map(({ n, cost }) => `${knob} = ${n} gives ${cost}`).join(', ')}`,
  },
  'tensor-other-shape': {
    severity: 'error',
    text: ({ from, to, because }) =>
      `is [${from.join(', ')}] and would be [${to.join(', ')}]${because.length === 0 ? '' : ` by ${because.join('; ')}`}; take that back, or reinitialise it`,
  },
  'parts-other-rank': {
    severity: 'error',
    text: ({ one, rank, parts }) =>
      `parts of ranks ${parts.join(' and ')} are not '${one}' of rank ${rank}: shared out, ranks add up; mend them, or reinitialise these experts`,
  },
  'parts-other-scale': {
    severity: 'error',
    text: ({ part, one, scale, found, alpha }) =>
      `'${part}' scales by alpha / rank = ${found}, '${one}' by ${scale}: it would add something else; give '${part}' the alpha ${alpha}, or reinitialise these experts`,
  },
  'reinitialises-nothing': { severity: 'error', text: ({ pattern }) => `'${pattern}' is asked to start anew, but no tensor has such a name` },
  'no-such-place': {
    severity: 'error',
    text: ({ key, known }) => `there is no '${key}' here; there ${among(known)}`,
    meant: ({ meant }) => meant ?? undefined,
  },
  'no-such-version': { severity: 'error', text: ({ version }) => `there is no version ${shortHash(version)} that could be looked at` },
  'either-or': {
    severity: 'error',
    text: ({ one, other, both }) =>
      `says ${both ? 'both' : 'neither'} '${one}' ${both ? 'and' : 'nor'} '${other}'; exactly one of them counts, the other is null`,
  },
}

/** Something wrong with a spec, as data: it can be sorted, saved, and worded again. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Level
  readonly path: Path | undefined
  readonly message: string
  /** The word that was probably meant. */
  readonly suggestion: string | undefined
}

/** All that was found, none if all is well. */
export type Diagnostics = readonly Diagnostic[]

/** A value, or everything that is wrong with what was given. */
export type Checked<A> = Either<Diagnostics, A>

/** A diagnostic of its row in the table, worded. */
export const diagnostic = <C extends Code>(code: C, path: Path | undefined, told: Told[C]): Diagnostic => {
  const entry: Entry<C> = table[code]
  return { code, severity: entry.severity, path, message: entry.text(told), suggestion: entry.meant?.(told) }
}

/** What was found in a part, as found in the whole. */
export const under =
  (key: string) =>
  (found: Diagnostic): Diagnostic => ({ ...found, path: pathOf([key, ...keys(found.path)]) })

/** One line for people: place, message, what was probably meant, code. */
export const showDiagnostic = ({ code, path, message, suggestion }: Diagnostic): string => {
  const place = path === undefined ? '' : `${printPath(path)}: `
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`
  return `${place}${message}${meant} (${code})`
}

/** One line each. */
export const showDiagnostics = (found: Diagnostics): string => found.map(showDiagnostic).join('\n')
