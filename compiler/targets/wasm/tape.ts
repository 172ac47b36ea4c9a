import type { Kernels } from './module.js'

/** One call of a kernel. Arguments are 32-bit words: addresses, sizes, or the bits of a float (`float`). */
export interface Step {
  readonly kernel: string
  readonly args: readonly number[]
}

/** Bytes from an address up to, not including, another. */
export interface Extent {
  readonly from: number
  readonly to: number
}

/** The steps of one node, the memory they read and write, and whether they are too small to be split between threads. */
export interface Stage {
  readonly steps: readonly Step[]
  readonly reads: readonly Extent[]
  readonly writes: readonly Extent[]
  readonly serial: boolean
}

// The flags and the header of a record: see kernels/tape.c.
const serial = 1
const barrier = 2

const bits = new DataView(new ArrayBuffer(4))

/** The bits of a number as float32, for a kernel that reads them as such. */
export const float = (x: number): number => {
  bits.setFloat32(0, x)
  return bits.getInt32(0)
}

/**
 * The words of a tape. Threads meet only where they must: before a stage that reads what an earlier one wrote, or writes what it used,
 * since they last met; stages of the first thread alone need not wait for each other. And once at the end.
 */
export const encode = (kernels: Kernels, stages: readonly Stage[]): Int32Array => {
  const words: number[] = []
  let [last, since] = [-1, [] as Stage[]]
  for (const stage of stages) {
    if (since.some((before) => disturbs(before, stage))) {
      words[last] = (words[last] ?? 0) | barrier
      since = []
    }
    for (const { kernel, args } of stage.steps) {
      last = words.push(kernels.place(kernel), args.length, stage.serial ? serial : 0) - 1
      words.push(...args)
    }
    if (stage.steps.length > 0) since.push(stage)
  }
  if (last !== -1) words[last] = (words[last] ?? 0) | barrier
  return Int32Array.from(words)
}

const disturbs = (before: Stage, after: Stage): boolean =>
  !(before.serial && after.serial) && (meet(before.writes, after.reads) || meet(before.writes, after.writes) || meet(before.reads, after.writes))

const meet = (as: readonly Extent[], bs: readonly Extent[]): boolean => as.some((a) => bs.some((b) => a.from < b.to && b.from < a.to))
