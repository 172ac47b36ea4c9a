import type { NdArray } from '../../compiler/ops/rule.js'
import { type Shape, size } from '../../compiler/shape.js'
import type { Tensor, Tensors } from '../../compiler/targets/device.js'
import { stream } from './random.js'

/** A float tensor: its numbers, or drawn ones under a seed where only one is given for many places. */
export const tensor = (shape: Shape, ...numbers: readonly [number, ...number[]]): Tensor => {
  if (numbers.length === size(shape)) return { shape, data: Float32Array.from(numbers) }
  const random = stream(numbers[0])
  return { shape, data: Float32Array.from({ length: size(shape) }, () => 2 * random() - 1) }
}

export const tensors = (arrays: Readonly<Record<string, NdArray>>): Tensors =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]))
