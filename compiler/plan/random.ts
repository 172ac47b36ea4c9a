import { sha256 } from '@noble/hashes/sha2.js'

/** A source of numbers in [0, 1) with 32 bits each; calling it moves it on. */
export type Random = () => number

/**
 * The stream of random numbers named by `name` under `seed` (xoshiro128**, Blackman and Vigna 2018, started from SHA-256 of both).
 * Streams are independent: drawing more from one never shifts another.
 */
export const random = (seed: number, name: string): Random => {
  const digest = new DataView(sha256(new TextEncoder().encode(`${seed}/${name}`)).buffer)
  let [a, b, c, d] = [digest.getUint32(0), digest.getUint32(4), digest.getUint32(8), digest.getUint32(12)]
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result / 2 ** 32
  }
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

/** A standard normal draw (Box and Muller). */
export const normal = (next: Random): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** 0 .. n-1 in a random order (Fisher and Yates). */
export const permutation = (next: Random, n: number): Int32Array => {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}
