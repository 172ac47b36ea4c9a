import { colourNames } from '../concepts.js'
import { chance, pick, weighted, type Random } from '../random.js'
import { anyThing, differentThings, place, scene, type Wanted } from './compose.js'
import { thingsOf, type Scene, type Thing } from './scene.js'

const placed = (next: Random, wanted: readonly Wanted[]): Scene | null => {
  const things = place(next, wanted)
  return things === null ? null : scene(next, things)
}

/** Two to four different things, for relations and colours. */
export const mixedScene = (next: Random, first = anyThing(next)): Scene | null => {
  const count = weighted(next, [
    [4, 2],
    [5, 3],
    [1, 4],
  ])
  return placed(
    next,
    [first, ...differentThings(next, count - 1, [first.name])].map((one) => ({ ...one, size: count === 4 ? 16 : pick(next, [16, 16, 24, 24, 32]) })),
  )
}

/** One thing several times, and perhaps others. */
export const countingScene = (next: Random, times?: number, target = anyThing(next)): Scene | null => {
  const count = times ?? pick(next, [1, 2, 3, 4])
  const others = differentThings(next, pick(next, [0, 1, 1, 2]), [target.name])
  const size = pick(next, [16, 16, 24])
  return placed(next, [...Array.from({ length: count }, () => ({ ...target, size })), ...others.map((one) => ({ ...one, size: 16 }))])
}

/** One large thing with smaller ones, or another of its shape in another colour. */
export const largeScene = (next: Random): Scene | null => {
  const target = anyThing(next)
  const twin = target.colour !== undefined && chance(next, 0.5)
  const other = twin
    ? {
        name: target.name,
        colour: pick(
          next,
          colourNames.filter((colour) => colour !== target.colour),
        ),
      }
    : anyThing(next, [target.name])
  const second = chance(next, 0.3) ? [{ ...anyThing(next, [target.name, other.name]), size: 16 }] : []
  return placed(next, [{ ...target, size: pick(next, [24, 24, 32, 32, 32, 40]) }, { ...other, size: pick(next, [16, 24]) }, ...second])
}

/** One thing, large. */
export const singleScene = (next: Random, name?: string): Scene | null =>
  placed(next, [{ ...(name === undefined ? anyThing(next) : { name }), size: pick(next, [32, 40, 40]) }])

const colourOf = (thing: Thing): string | null => (thing.kind === 'shape' ? thing.colour : null)

/** `circle` or `red circle`; the colour is said when the name alone would not do. */
export const nameOf = (next: Random, made: Scene, thing: Thing): string => {
  const alone = thingsOf(made).filter((other) => other.name === thing.name).length === 1
  return thing.kind === 'shape' && (!alone || chance(next, 0.4)) ? `${thing.colour} ${thing.name}` : thing.name
}

/** Things that a sentence can single out, by name or by name and colour. */
export const distinctThings = (made: Scene): readonly Thing[] => {
  const things = thingsOf(made)
  return things.filter((thing) => things.every((other) => other === thing || other.name !== thing.name || colourOf(other) !== colourOf(thing)))
}
