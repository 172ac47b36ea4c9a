/** Everything in the arena begins at a multiple of this: a cache line, and more than any SIMD load asks for. */
export const alignment = 64

/** Bytes that are held from one step to another, both included. */
export interface Span {
  readonly bytes: number
  readonly from: number
  readonly to: number
}

interface Placed extends Span {
  readonly offset: number
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
    const offset = gap(
      placed.filter((other) => other.from <= span.to && span.from <= other.to),
      span.bytes,
    )
    offsets[i] = offset
    const after = placed.findIndex((other) => other.offset > offset)
    placed.splice(after === -1 ? placed.length : after, 0, { ...span, offset })
  }
  return { offsets, bytes: placed.reduce((n, { offset, bytes }) => Math.max(n, aligned(offset + bytes)), 0) }
}

/** Where the smallest sufficient gap between spans begins; behind them all if there is none. They come in the order of their offsets. */
const gap = (held: readonly Placed[], bytes: number): number => {
  let [end, best, room] = [0, -1, Infinity]
  for (const { offset, bytes: taken } of held) {
    if (offset - end >= bytes && offset - end < room) [best, room] = [end, offset - end]
    end = Math.max(end, aligned(offset + taken))
  }
  return best === -1 ? end : best
}

const aligned = (n: number): number => Math.ceil(n / alignment) * alignment
