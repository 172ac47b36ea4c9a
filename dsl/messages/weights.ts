import type { Messages } from './message.js'

/** A tensor that a patch gives another shape, and the changes of the patch that do so. */
interface TensorOtherShape {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly because: readonly string[]
}

/** What the messages below have to be told. */
export interface WeightsTold {
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
}

/** Why weights cannot be carried across a patch. */
export const weights: Messages<WeightsTold> = {
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
}
