import type { Messages } from './message.js'
import { few, value } from './words.js'

/** What the messages below have to be told. */
export interface PatchTold {
  readonly 'patch-missing': { readonly what: string; readonly put?: string }
  readonly 'patch-exists': { readonly id: string }
  readonly 'patch-differs': { readonly expected: unknown; readonly found: unknown }
  readonly 'patch-elsewhere': { readonly id: string; readonly expected: string | null; readonly found: string | null }
  readonly 'patch-taken': { readonly from: string; readonly to: string }
  readonly 'not-aligned': { readonly from: readonly string[]; readonly to: readonly string[] }
  readonly 'merge-conflict': { readonly base: unknown; readonly ours: unknown; readonly theirs: unknown }
  readonly 'patch-one-way': { readonly one: string; readonly parts: readonly string[] }
}

/** What one side of a merge has somewhere. */
const side = (found: unknown): string => (found === undefined ? 'not there' : value(found))

/** Where an element stands in its list. */
const behind = (id: string | null): string => (id === null ? 'at the front' : `behind '${id}'`)

/** Why a patch does not fit, or cannot be made. */
export const patch: Messages<PatchTold> = {
  'patch-missing': {
    severity: 'error',
    text: ({ what, put }) => `the patch ${put === undefined ? `changes ${what}` : `puts '${put}' after ${what}`}, which is not there`,
  },
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
}
