/** Numbers from 0 to 1, one after another, all fixed by the seed. */
export type Random = () => number

/** FNV-1a over the parts of a name: what a sample is called decides everything about it. */
export const seedOf = (...parts: readonly (string | number)[]): number => {
  const text = parts.join('/')
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Mulberry32: 32 bits of state, good enough for pictures and far faster than they are. */
export const random = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number from 0 to `count - 1`. */
export const below = (next: Random, count: number): number => Math.floor(next() * count)

export const chance = (next: Random, probability: number): boolean => next() < probability

export const pick = <A>(next: Random, list: readonly A[]): A => {
  const found = list[below(next, list.length)]
  if (found === undefined) throw new Error('bug: picked from an empty list')
  return found
}

export const shuffle = <A>(next: Random, list: readonly A[]): readonly A[] => {
  const left = [...list]
  return list.flatMap(() => left.splice(below(next, left.length), 1))
}

/** Different members of a list, in random order. */
export const pickSome = <A>(next: Random, list: readonly A[], count: number): readonly A[] => shuffle(next, list).slice(0, count)

/** Tries again until there is something; what was chosen before stays chosen, so that crowded scenes are no rarer than others. */
export const until = <A>(make: () => A | null, attempts = 400): A | null => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const made = make()
    if (made !== null) return made
  }
  return null
}

/** One of the choices, each as likely as its weight says. */
export const weighted = <A>(next: Random, choices: readonly (readonly [number, A])[]): A => {
  let rest = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of choices) {
    rest -= weight
    if (rest < 0) return value
  }
  const last = choices.at(-1)
  if (last === undefined) throw new Error('bug: weighed an empty list')
  return last[1]
}
