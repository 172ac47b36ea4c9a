import type { Decoder } from '../../dsl/index.js'

/**
 * Angle per position of each pair of a head's coordinates: theta^(-2i/d), scaled as the spec says
 * (linear: all divided by the factor; llama3: long wavelengths divided, short ones kept, a ramp between; transformers `_compute_llama3_parameters`).
 */
export const inverseFrequencies = ({ headDim, rope: { theta, scaling } }: Pick<Decoder, 'headDim' | 'rope'>): Float64Array =>
  Float64Array.from({ length: headDim / 2 }, (_, i) => {
    const frequency = theta ** ((-2 * i) / headDim)
    if (scaling === null) return frequency
    if (scaling.kind === 'linear') return frequency / scaling.factor
    const turns = (scaling.original * frequency) / (2 * Math.PI)
    if (turns < scaling.lowFrequency) return frequency / scaling.factor
    if (turns > scaling.highFrequency) return frequency
    const kept = (turns - scaling.lowFrequency) / (scaling.highFrequency - scaling.lowFrequency)
    return ((1 - kept) * frequency) / scaling.factor + kept * frequency
  })

/** cos and sin of rows at the given positions, each [positions, headDim / 2]. */
export const rotaryAngles = (
  decoder: Pick<Decoder, 'headDim' | 'rope'>,
  positions: Int32Array,
): { readonly cos: Float32Array; readonly sin: Float32Array } => {
  const frequencies = inverseFrequencies(decoder)
  const pairs = frequencies.length
  const [cos, sin] = [new Float32Array(positions.length * pairs), new Float32Array(positions.length * pairs)]
  // Sequences of a batch have the same positions: each is reckoned once.
  const rows = new Map<number, number>()
  positions.forEach((position, row) => {
    const before = rows.get(position)
    if (before !== undefined) {
      for (const table of [cos, sin]) table.copyWithin(row * pairs, before * pairs, (before + 1) * pairs)
      return
    }
    rows.set(position, row)
    frequencies.forEach((frequency, i) => {
      cos[row * pairs + i] = Math.cos(position * frequency)
      sin[row * pairs + i] = Math.sin(position * frequency)
    })
  })
  return { cos, sin }
}
