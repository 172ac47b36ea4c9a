import { names } from '../../compiler/plan/names.js'
import type { Store } from '../../compiler/targets/device.js'
import type { Decoder } from '../../dsl/index.js'

/** Gives the store room for the keys and values of so many tokens while `use` works; afterwards the room is free again. */
export const withCaches = async <A>(store: Store, { layers, kvHeads, headDim }: Decoder, slots: number, use: () => Promise<A>): Promise<A> => {
  const shape = [slots, kvHeads * headDim]
  const held = Array.from({ length: layers }).flatMap((_, layer) => (['key', 'value'] as const).map((part) => names.cache(layer, part, slots)))
  try {
    for (const name of held) store.put(name, { shape, data: new Float32Array(slots * kvHeads * headDim) })
    return await use()
  } finally {
    for (const name of held) store.drop(name)
  }
}
