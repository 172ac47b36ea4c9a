import type { Device, Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'

/** A device whose outputs pass through `spoil`. */
export const spoilt = (spoil: (outputs: Tensors) => Tensors): Device => {
  const sound = referenceDevice()
  return {
    ...sound,
    load: (p) => {
      const executable = sound.load(p)
      return { ...executable, run: async (inputs) => spoil(await executable.run(inputs)) }
    },
  }
}

/** Every output of that many elements a little off in its last one. */
export const offBy =
  (error: number, elements: number) =>
  (outputs: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.length === elements ? Float32Array.from(data, (x, i) => (i === elements - 1 ? x + error : x)) : data },
      ]),
    )
