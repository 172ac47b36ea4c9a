import type { Heap } from './memory.js'

/** Memory for what lives only while a program runs. One program runs at a time, so all share it, and it is as large as the largest asks for. */
export interface Arena {
  readonly reserve: (bytes: number) => void
  readonly address: () => number
}

export const arenaIn = (heap: Heap): Arena => {
  let [address, room] = [0, 0]
  return {
    reserve: (bytes) => {
      if (bytes <= room) return
      if (room > 0) heap.free(address)
      ;[address, room] = [0, 0]
      ;[address, room] = [heap.allocate(bytes, 'the intermediate values of a program'), bytes]
    },
    address: () => address,
  }
}
