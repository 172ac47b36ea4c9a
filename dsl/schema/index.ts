export { type Codec, decodeWith } from './codec.js'
export { list, nullable, pair, struct, tagged } from './compound.js'
export { count, format, hashText, id, nonNegative, numberOf, oneOf, positive, real, seed, share, size, text, truth } from './leaf.js'
export type { Shape } from './shape.js'
