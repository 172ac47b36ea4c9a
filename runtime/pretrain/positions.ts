import type { Tensor } from '../../compiler/targets/device.js'
import type { Vision } from '../../dsl/index.js'

/** Strength of the table against patch embeddings of deviation 1: stronger drowns the patches at first. */
const deviation = 0.4

/** Where the position table starts: sines and cosines of row and column, a quarter of the width each (Vaswani et al. 2017, in two dimensions). */
export const sinePositions = ({ image, patch, width }: Vision): Tensor => {
  const side = Math.floor(image / patch)
  const quarter = width / 4
  const data = Float32Array.from({ length: side * side * width }, (_, index) => {
    const position = Math.floor(index / width)
    const [row, column] = [Math.floor(position / side), position % side]
    const k = index % width
    const angle = (k < width / 2 ? row : column) / 64 ** ((k % quarter) / quarter)
    return deviation * Math.SQRT2 * (k % (2 * quarter) < quarter ? Math.sin(angle) : Math.cos(angle))
  })
  return { shape: [side * side, width], data }
}
