import { featuresProgram } from '../../compiler/phases/features.js'
import { type Device, outputOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { withPrograms } from '../engine.js'
import { type Pixels, picturePatches } from './pictures.js'

/** Pictures that are looked at together. */
const batch = 32

/** What tower and connector make of pictures: the visual tokens of each, [tokens * width], under its key. `onSeen` is told how many are done. */
export const look = (
  device: Device,
  model: ModelSpec,
  preprocessing: Preprocessing,
  pictures: ReadonlyMap<string, Pixels>,
  onSeen: (count: number) => void = () => undefined,
): Promise<ReadonlyMap<string, Float32Array>> =>
  withPrograms(device, async (programs) => {
    const [all, seen] = [[...pictures], new Map<string, Float32Array>()]
    for (let at = 0; at < all.length; at += batch) {
      const part = all.slice(at, at + batch)
      const patches = picturePatches(
        model.vision,
        preprocessing,
        part.map(([, pixels]) => pixels),
        batch,
      )
      const { data } = outputOf(await programs.get('features', () => featuresProgram(model, batch)).run({ patches }), 'visual')
      const width = data.length / batch
      part.forEach(([key], i) => seen.set(key, Float32Array.from(data.subarray(i * width, (i + 1) * width))))
      onSeen(seen.size)
    }
    return seen
  })
