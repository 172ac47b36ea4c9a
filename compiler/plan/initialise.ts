import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import type { Tensor } from '../targets/device.js'
import type { Parameter } from './parameter.js'
import { normal, random } from './random.js'

/** A parameter's first value under a seed; `parent` is the tensor that a copy is made of. */
export const initialise =
  (seed: number, parent: Tensor | undefined) =>
  ({ name, shape, initial }: Parameter): Tensor => {
    const next = random(seed, name)
    const filled = (value: () => number): Tensor => ({ shape, data: Float32Array.from({ length: size(shape) }, value) })
    switch (initial.kind) {
      case 'zeros':
        return filled(() => 0)
      case 'ones':
        return filled(() => 1)
      case 'normal':
        return filled(() => normal(next) * initial.deviation)
      case 'uniform':
        return filled(() => (2 * next() - 1) * initial.bound)
      case 'copy':
        invariant(parent !== undefined && size(parent.shape) === size(shape), `${name} cannot be a copy of ${initial.of}: their sizes differ`)
        return { shape, data: parent.data.slice() }
    }
  }
