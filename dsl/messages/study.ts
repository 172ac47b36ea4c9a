import { shortHash } from '../short-hash.js'
import { suggest } from '../suggest.js'
import type { Messages } from './message.js'
import { among, few } from './words.js'

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

/** What the messages below have to be told. */
export interface StudyTold {
  readonly 'finds-nothing': { readonly selector: string; readonly node: string; readonly missed: Missed | null }
  readonly 'finds-another-number': { readonly selector: string; readonly wanted: string; readonly found: readonly string[] }
  readonly 'edit-vacuous': { readonly edit: string; readonly overridden: boolean }
  readonly 'edit-over-reaches': { readonly edit: string; readonly touched: readonly string[]; readonly declared: readonly string[] }
  readonly 'variant-twice': { readonly other: string; readonly hash: string }
  readonly 'label-twice': { readonly label: string }
  readonly 'zip-uneven': { readonly lengths: readonly number[] }
  readonly 'out-of-budget': OutOfBudget
}

/** What is wrong with edits and the variants made of them. */
export const study: Messages<StudyTold> = {
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
}
