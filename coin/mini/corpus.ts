import { weighted, type Random } from './random.js'
import type { Turn } from './captions/turn.js'
import type { Scene } from './scenes/scene.js'
import { composeIn, randomFor, sceneKey, type Split } from './splits.js'

/** A picture, or none, and what is said about it. */
export interface Described {
  readonly scene: Scene | null
  readonly turns: readonly Turn[]
}

/** Who writes samples of one kind; sometimes nothing comes of it. */
export type Writer = (next: Random, split: Split, index: number) => Described | null

/** A corpus of several kinds of samples: each kind with its weight, and who writes it. `sample` gives the sample `index` of the corpus that `seed` names. */
export const corpusOf = <K extends string>(name: string, writers: Readonly<Record<K, readonly [weight: number, Writer]>>) => {
  const kinds = Object.keys(writers).filter((kind): kind is K => Object.hasOwn(writers, kind))
  const shares = kinds.map((kind) => [writers[kind][0], kind] as const)
  const sample = (index: number, seed: number, kind?: K, split: Split = 'pretrain'): Described & { readonly kind: K } => {
    const next = randomFor(name, split, seed, index)
    const chosen = kind ?? weighted(next, shares)
    const [, write] = writers[chosen]
    const described = composeIn(
      next,
      split,
      ({ scene }: Described) => (scene === null ? null : sceneKey(scene)),
      (again) => write(again, split, index),
    )
    return { kind: chosen, ...described }
  }
  return { kinds, sample }
}
