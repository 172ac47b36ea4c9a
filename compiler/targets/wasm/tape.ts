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

/** The steps of one node, the memory they read and write, and into how many parts they are cut, which threads then share. */
export interface Stage {
  readonly steps: readonly Step[]
  readonly reads: readonly Extent[]
  readonly writes: readonly Extent[]
  readonly parts: number
}

const bits = new DataView(new ArrayBuffer(4))

/** The bits of a number as float32, for a kernel that reads them as such. */
export const float = (x: number): number => {
  bits.setFloat32(0, x)
  return bits.getInt32(0)
}

/** Stages of one part that follow each other: whoever takes the first does all. */
const chained = (stages: readonly Stage[]): readonly Stage[] => {
  const units: Stage[] = []
  for (const stage of stages) {
    const before = units.at(-1)
    if (stage.steps.length === 0) continue
    if (before?.parts !== 1 || stage.parts !== 1) units.push(stage)
    else
      units[units.length - 1] = {
        steps: [...before.steps, ...stage.steps],
        reads: [...before.reads, ...stage.reads],
        writes: [...before.writes, ...stage.writes],
        parts: 1,
      }
  }
  return units
}

/**
 * Units in groups. Within a group none reads or overwrites what another writes, so threads may do them in any order; between groups they wait.
 * A unit of a single part may join the chain of the last, which keeps their order.
 */
export const grouped = (stages: readonly Stage[], chains: boolean): readonly (readonly Stage[])[] => {
  const groups: Stage[][] = []
  for (const stage of chains ? chained(stages) : stages.filter(({ steps }) => steps.length > 0)) {
    const group = groups.at(-1)
    if (group === undefined || group.some((before) => disturbs(before, stage))) groups.push([stage])
    else group.push(stage)
  }
  return groups
}

const disturbs = (before: Stage, after: Stage): boolean =>
  meet(before.writes, after.reads) || meet(before.writes, after.writes) || meet(before.reads, after.writes)

const meet = (as: readonly Extent[], bs: readonly Extent[]): boolean => as.some((a) => bs.some((b) => a.from < b.to && b.from < a.to))

/** Words before the records of a unit: see `unit` in kernels/tape.c. */
const header = 8

/** The words of a tape. */
export const encode = (kernels: Pick<Kernels, 'place'>, groups: readonly (readonly Stage[])[]): Int32Array => {
  const words: number[] = []
  for (const group of groups) {
    const records = group.map(({ steps }) => steps.flatMap(({ kernel, args }) => [kernels.place(kernel), args.length, ...args]))
    const total = group.reduce((n, { parts }) => n + parts, 0)
    let behind = records.reduce((n, record) => n + lengthOf(record), 0)
    group.forEach(({ parts }, i) => {
      const record = records[i] ?? []
      const last = i === group.length - 1
      const toLast = behind - lengthOf(records.at(-1) ?? [])
      behind -= lengthOf(record)
      words.push(0, 0, 0, 0, parts, last ? total : 0, 4 * toLast, record.length, ...record)
      if (record.length % 2 === 1) words.push(0)
    })
  }
  return Int32Array.from(words)
}

/** Of a unit with these records: padded, for the next one begins with words of 64 bits. */
const lengthOf = (record: readonly number[]): number => header + record.length + (record.length % 2)
