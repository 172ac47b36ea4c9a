import { suggest } from '../suggest.js'
import type { Messages } from './message.js'
import { among } from './words.js'

/** What the messages below have to be told. */
export interface ModelTold {
  readonly 'does-not-divide': { readonly part: string; readonly parts: number; readonly whole: string; readonly size: number }
  readonly 'too-large': { readonly what: string; readonly value: number; readonly most: number; readonly because: string }
  readonly 'pixels-left-over': { readonly image: number; readonly patch: number }
  readonly 'not-even': { readonly what: string; readonly value: number }
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
}

/** The numbers of parts near the one given that do divide. */
const neighbours = (parts: number, size: number): string => {
  const fits = (n: number): boolean => n > 0 && size % n === 0
  const down = Array.from({ length: Math.min(parts, 1e5) }, (_, i) => parts - i).find(fits) ?? 1
  const up = Array.from({ length: Math.min(Math.max(0, size - parts), 1e5) }, (_, i) => parts + i).find(fits) ?? size
  return `${down === up ? down : `${down} and ${up}`} would do`
}

/** What is wrong with a model of the right form, or with a policy for it. */
export const model: Messages<ModelTold> = {
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
}
