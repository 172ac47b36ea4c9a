import { order } from './graph.js'
import type { Lineage, LineageEntry } from './lineage.js'

/** A version's place in a drawing of its lineage, the latest on top: a row, and the lanes that edges run down in. */
export interface Row {
  readonly entry: LineageEntry
  /** The lane of the version itself. */
  readonly lane: number
  /** Lanes of other edges, which pass by. */
  readonly through: readonly number[]
  /** For each parent that is drawn, the lane in which the edge goes down to it. */
  readonly to: readonly number[]
  /** Lanes that edges run in below this row. */
  readonly after: readonly number[]
}

const used = (lanes: readonly (string | undefined)[]): readonly number[] => lanes.flatMap((version, lane) => (version === undefined ? [] : [lane]))

const free = (lanes: readonly (string | undefined)[]): number => {
  const found = lanes.indexOf(undefined)
  return found < 0 ? lanes.length : found
}

/** The rows of a drawing. A lane leads down to one version; what it was freed by, another branch may use again. */
export const rows = (lineage: Lineage): readonly Row[] => {
  const entries = order(lineage).toReversed()
  const known = new Set(entries.map(({ version }) => version))
  // Which version each lane leads down to.
  const lanes: (string | undefined)[] = []
  return entries.map((entry) => {
    const awaited = lanes.indexOf(entry.version)
    const lane = awaited < 0 ? free(lanes) : awaited
    lanes[lane] = undefined
    const through = used(lanes)
    const to = entry.parents.flatMap(({ version }) => {
      if (!known.has(version)) return []
      const there = lanes.indexOf(version)
      const next = there >= 0 ? there : lanes[lane] === undefined ? lane : free(lanes)
      lanes[next] = version
      return [next]
    })
    return { entry, lane, through, to, after: used(lanes) }
  })
}

/** How many lanes a drawing takes. */
export const widthOf = (all: readonly Row[]): number => Math.max(0, ...all.flatMap(({ lane, through, after }) => [lane, ...through, ...after])) + 1
