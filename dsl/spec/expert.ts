import { type Codec, id, nullable, oneOf, positive, size, struct, tagged, text, truth } from '../schema/index.js'

/** Where an expert's first weights come from. */
export type Origin =
  /** There from the start of the model. */
  | { readonly kind: 'initial' }
  /** Grown, and initialised like any LoRA pair. */
  | { readonly kind: 'fresh' }
  /** Grown as a copy of an expert of its site; of a probe of its own task, where that was the one most used. */
  | { readonly kind: 'copy'; readonly of: string }

/** One LoRA pair beside a frozen linear layer. Its output is scaled by alpha / rank. */
export interface Expert {
  /** Stable: e.g. `gqa.0`, the first expert that task `gqa` added; those of the start are `initial.0` ... */
  readonly id: string
  readonly rank: number
  readonly alpha: number
  readonly origin: Origin
  /** The task that added it, none for those of the start. */
  readonly task: string | null
  /** Who set it: the author, or the policy that grew it. */
  readonly by: string
  /** Whether it is temporary. */
  readonly probe: boolean
}

const Origin: Codec<Origin> = tagged({
  initial: struct<{ readonly kind: 'initial' }>({ kind: oneOf('initial') }),
  fresh: struct<{ readonly kind: 'fresh' }>({ kind: oneOf('fresh') }),
  copy: struct<{ readonly kind: 'copy'; readonly of: string }>({ kind: oneOf('copy'), of: id }),
})

export const Expert: Codec<Expert> = struct<Expert>({
  id,
  rank: size,
  alpha: positive,
  origin: Origin,
  task: nullable(id),
  by: text,
  probe: truth,
})
