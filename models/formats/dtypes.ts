/** Bits of one element of every type that the safetensors format has. */
export const bits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E5M2FNUZ: 8,
  F8_E4M3FNUZ: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const

export type Dtype = keyof typeof bits

export const isDtype = (name: string): name is Dtype => Object.hasOwn(bits, name)

type Numbers = Float32Array | Int32Array

/** How the bytes of a tensor become numbers we compute with: every float a float32, every integer an int32. `undefined` where a value does not fit. */
const decoders: { readonly [D in Dtype]?: (bytes: Uint8Array<ArrayBuffer>) => Numbers | undefined } = {
  F32: (bytes) => new Float32Array(bytes.buffer),
  F64: (bytes) => Float32Array.from(new Float64Array(bytes.buffer)),
  F16: (bytes) => Float32Array.from(new Uint16Array(bytes.buffer), (half) => halves()[half] ?? Number.NaN),
  BF16: (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer),
  I32: (bytes) => new Int32Array(bytes.buffer),
  I16: (bytes) => Int32Array.from(new Int16Array(bytes.buffer)),
  I8: (bytes) => Int32Array.from(new Int8Array(bytes.buffer)),
  U8: (bytes) => Int32Array.from(bytes),
  BOOL: (bytes) => Int32Array.from(bytes),
  U16: (bytes) => Int32Array.from(new Uint16Array(bytes.buffer)),
  U32: (bytes) => fitting(new Uint32Array(bytes.buffer)),
  I64: (bytes) => fitting(new BigInt64Array(bytes.buffer)),
  U64: (bytes) => fitting(new BigUint64Array(bytes.buffer)),
}

export const decoderOf = (dtype: Dtype): ((bytes: Uint8Array<ArrayBuffer>) => Numbers | undefined) | undefined => decoders[dtype]

export const readable: readonly string[] = Object.keys(decoders)

const fitting = (wide: Uint32Array | BigInt64Array | BigUint64Array): Int32Array | undefined => {
  const narrow = new Int32Array(wide.length)
  for (let i = 0; i < wide.length; i++) {
    const value = Number(wide[i])
    if (value > 0x7fffffff || value < -0x80000000) return undefined
    narrow[i] = value
  }
  return narrow
}

let halfTable: Float32Array | undefined

/** The value of each of the 65,536 half-precision numbers. */
const halves = (): Float32Array => (halfTable ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfValue(half)))

const halfValue = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The nearest half-precision number, ties to even, of every float32. Beyond 65504 it is infinite. */
export const toHalf = (values: Float32Array): Uint16Array => {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(words, halfBits)
}

const halfBits = (word: number): number => {
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // Below 2^-14 halves are evenly spaced by 2^-24: scaling by that lets the rounding of an integer do the work.
  if (magnitude < 0x38800000) return sign | roundToEven(2 ** 24 * floatOf(magnitude))
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x38000000) >>> 13)
}

const scratch = new Float32Array(1)
const scratchBits = new Uint32Array(scratch.buffer)

const floatOf = (word: number): number => {
  scratchBits[0] = word
  return scratch[0] ?? 0
}

const roundToEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
