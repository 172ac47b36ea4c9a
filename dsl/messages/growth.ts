import { shortHash } from '../short-hash.js'
import { suggest } from '../suggest.js'
import type { Messages } from './message.js'
import { among, few } from './words.js'

/** What the messages below have to be told. */
export interface GrowthTold {
  readonly 'unknown-task': { readonly task: string; readonly tasks: readonly string[] }
  readonly 'unknown-site': { readonly site: string; readonly sites: readonly string[] }
  readonly 'task-exists': { readonly task: string }
  readonly 'probes-left': { readonly experts: readonly string[] }
  readonly 'evidence-of-another': { readonly what: 'policy' | 'task'; readonly wanted: string; readonly found: string }
  readonly 'not-measured': { readonly what: string }
  readonly 'nothing-to-copy': { readonly rank: number }
  readonly 'another-parent': { readonly wanted: string; readonly found: string }
}

/** Why a model cannot grow so. */
export const growth: Messages<GrowthTold> = {
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
}
