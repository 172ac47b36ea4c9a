/** Everything in the arena begins at a multiple of this: a cache line, and more than any SIMD load asks for. */
export const alignment = 64

/** Bytes that are held from one step to another, both included. */
export interface Span {
  readonly bytes: number
  readonly from: number
  readonly to: number
}

/** A span with its place, whose end is rounded up to where the next may begin. */
interface Placed {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/**
 * An offset for each span such that spans which are held at once do not overlap. The largest goes first, each to the smallest gap that fits it
 * (greedy by size, Pisarchyk and Lee 2020): close to the least possible on such programs, and the same on every run.
 */
export const pack = (spans: readonly Span[]): { readonly offsets: readonly number[]; readonly bytes: number } => {
  const offsets: number[] = Array.from({ length: spans.length }, () => 0)
  const placed: Placed[] = []
  const bySize = spans.map((span, i) => ({ span, i })).sort((a, b) => b.span.bytes - a.span.bytes || a.span.from - b.span.from)
  for (const { span, i } of bySize) {
    const start = gap(placed, span)
    offsets[i] = start
    placed.splice(firstBeyond(placed, start), 0, { start, end: aligned(start + span.bytes), from: span.from, to: span.to })
  }
  return { offsets, bytes: placed.reduce((n, { end }) => Math.max(n, end), 0) }
}

/** Where the smallest sufficient gap begins among what is held with the span; behind it all if there is none. `placed` is in the order of its starts. */
const gap = (placed: readonly Placed[], { bytes, from, to }: Span): number => {
  let [end, best, room] = [0, -1, Infinity]
  for (const other of placed) {
    if (other.to < from || to < other.from) continue
    if (other.start - end >= bytes && other.start - end < room) [best, room] = [end, other.start - end]
    end = Math.max(end, other.end)
  }
  return best === -1 ? end : best
}

/** The place of the first that starts beyond, by halving. */
const firstBeyond = (placed: readonly Placed[], start: number): number => {
  let [low, high] = [0, placed.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((placed[middle]?.start ?? Infinity) > start) high = middle
    else low = middle + 1
  }
  return low
}

const aligned = (n: number): number => Math.ceil(n / alignment) * alignment
