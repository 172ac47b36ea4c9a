import { suggest } from '../suggest.js'
import type { Messages } from './message.js'
import { value } from './words.js'

/** What the messages below have to be told. */
export interface FormTold {
  readonly 'wrong-type': { readonly wanted: string; readonly found: unknown }
  readonly 'out-of-range': { readonly wanted: string; readonly found: unknown }
  readonly 'unknown-key': { readonly key: string; readonly known: readonly string[] }
  readonly 'missing-key': { readonly key: string }
  readonly 'unknown-value': { readonly found: unknown; readonly known: readonly string[] }
  readonly 'wrong-format': { readonly wanted: string; readonly found: unknown }
  readonly 'newer-format': { readonly wanted: string; readonly found: string }
  readonly 'either-or': { readonly one: string; readonly other: string; readonly both: boolean }
  readonly 'duplicate-id': { readonly id: string }
  readonly 'reserved-id': { readonly id: string; readonly because: string }
}

/** What is wrong with the form of a value. */
export const form: Messages<FormTold> = {
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
  'either-or': {
    severity: 'error',
    text: ({ one, other, both }) =>
      `says ${both ? 'both' : 'neither'} '${one}' ${both ? 'and' : 'nor'} '${other}'; exactly one of them counts, the other is null`,
  },
  'duplicate-id': { severity: 'error', text: ({ id }) => `'${id}' is there twice; ids are unique among their neighbours` },
  'reserved-id': { severity: 'error', text: ({ id, because }) => `'${id}' cannot be used: ${because}` },
}
