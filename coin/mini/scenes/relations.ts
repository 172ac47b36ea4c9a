import type { Box, Scene, Thing } from './scene.js'
import { thingsOf } from './scene.js'

export const directions = ['left', 'right', 'above', 'below'] as const
export type Direction = (typeof directions)[number]

export const opposite: Readonly<Record<Direction, Direction>> = { left: 'right', right: 'left', above: 'below', below: 'above' }

/** How a direction is said before a thing. */
export const wordsOf: Readonly<Record<Direction, string>> = { left: 'left of', right: 'right of', above: 'above', below: 'below' }

const centre = (start: number, length: number): number => start + length / 2

/** Which way one box lies from another, when it is clear: wholly past it, and further that way than across. */
export const directionFrom = (box: Box, from: Box): Direction | null => {
  const across = centre(box.x, box.width) - centre(from.x, from.width)
  const down = centre(box.y, box.height) - centre(from.y, from.height)
  if (Math.abs(across) > Math.abs(down)) {
    if (box.x + box.width <= from.x) return 'left'
    return box.x >= from.x + from.width ? 'right' : null
  }
  if (Math.abs(down) > Math.abs(across)) {
    if (box.y + box.height <= from.y) return 'above'
    return box.y >= from.y + from.height ? 'below' : null
  }
  return null
}

/** Things that are the only ones of their name: a sentence can point at them. */
export const uniqueThings = (scene: Scene): readonly Thing[] => {
  const things = thingsOf(scene)
  return things.filter((thing) => things.filter((other) => other.name === thing.name).length === 1)
}

/** The only thing in that direction, if there is just one. */
export const neighbour = (scene: Scene, thing: Thing, direction: Direction): Thing | null => {
  const there = thingsOf(scene).filter((other) => other !== thing && directionFrom(other, thing) === direction)
  return there.length === 1 ? (there[0] ?? null) : null
}

/** A thing, where it lies from another, and whether it is the only one there. */
interface Pair {
  readonly thing: Thing
  readonly from: Thing
  readonly direction: Direction
  readonly only: boolean
}

/** Every two things that a sentence can point at, where one clearly lies some way from the other. */
export const pairs = (made: Scene): readonly Pair[] => {
  const things = uniqueThings(made)
  return things.flatMap((from) =>
    things.flatMap((thing) => {
      const direction = thing === from ? null : directionFrom(thing, from)
      return direction === null ? [] : [{ thing, from, direction, only: neighbour(made, from, direction) === thing }]
    }),
  )
}
