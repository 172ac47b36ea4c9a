import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { lowerHead, lowerLastNorm } from '../../compiler/lower/decoder.js'
import { scope } from '../../compiler/lower/scope.js'
import { type BatchShape, lowerSequences } from '../../compiler/phases/batch.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { rotaryAngles } from '../../compiler/plan/rotary.js'
import { type Program, program } from '../../compiler/program.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import type { Decoder, ModelSpec, Vision } from '../../dsl/index.js'
import { type ModelFolder, readModelFolder } from '../../models/formats/folder.js'
import { readSafetensors } from '../../models/formats/safetensors.js'

/** What PyTorch and transformers computed; test/fixtures/README.md says how. */
const fixtures = new URL('../fixtures/', import.meta.url).pathname

/** The tensors of a fixture's file, by name. */
export type Golden = (name: string) => Tensor

export const golden = async (file: string): Promise<Golden> => {
  const read = await readSafetensors()(`${fixtures}${file}`)
  if (E.isLeft(read)) throw new Error(read.left.message)
  const { tensors } = read.right
  return (name) => {
    const found = tensors[name]
    if (found === undefined) throw new Error(`${file} has no ${name}`)
    return found
  }
}

export const goldenJson = (file: string): unknown => JSON.parse(readFileSync(`${fixtures}${file}`, 'utf8'))

/** A fixture's model folder. */
export const goldenModel = async (name: string): Promise<ModelFolder> => {
  const read = await readModelFolder(parameters)(`${fixtures}${name}/model`)
  if (E.isLeft(read)) throw new Error(read.left.map(({ message }) => message).join('\n'))
  return read.right
}

/** The targets that goldens are compared on. A grain of 0 makes two threads share even the smallest step. */
export const targets: readonly (readonly [name: string, open: () => Promise<Device>])[] = [
  ['the reference', () => Promise.resolve(referenceDevice())],
  ['wasm with one thread', () => wasmDevice({ threads: 1 })],
  ['wasm with two threads', () => wasmDevice({ threads: 2, grain: 0 })],
]

/** Runs a program once. */
export const once = async (device: Device, p: Program, inputs: Tensors): Promise<(name: string) => Tensor> => {
  const executable = device.load(p)
  try {
    const outputs = await executable.run(inputs)
    return (name) => {
      const found = outputs[name]
      if (found === undefined) throw new Error(`the program has no output ${name}`)
      return found
    }
  } finally {
    executable.dispose()
  }
}

/** Puts a model into a device's store, these tensors as they are. */
export const stored = async (device: Device, model: ModelSpec, weights: Tensors): Promise<void> => void (await allocate(device, 0)(model, weights))

export interface Tolerance {
  readonly absolute: number
  readonly relative?: number
}

/** How far a tensor is outside of a tolerance, at its worst place: 1 is the edge. */
export const excess = (found: ArrayLike<number>, wanted: ArrayLike<number>, { absolute, relative = 0 }: Tolerance): number => {
  if (found.length !== wanted.length) return Infinity
  const ratios = Array.from(wanted, (value, i) => Math.abs((found[i] ?? Number.NaN) - value) / (absolute + relative * Math.abs(value)))
  return ratios.some(Number.isNaN) ? Infinity : ratios.reduce((worst, ratio) => Math.max(worst, ratio), 0)
}

export const expectWithin = (found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: Tolerance, name = 'the greatest difference'): void =>
  expect(excess(found, wanted, tolerance), `${name}, in tolerances of ${JSON.stringify(tolerance)}`).toBeLessThanOrEqual(1)

/** Pixel values [pictures, 3, side, side] as patches [pictures * P, 3 * patch²], each channel by channel. */
export const patchesOf = ({ patch }: Pick<Vision, 'patch'>, { shape, data }: Tensor): Tensor => {
  const [pictures = 0, channels = 0, side = 0] = shape
  const grid = side / patch
  const out = new Float32Array(pictures * channels * (grid * patch) ** 2)
  let at = 0
  for (let p = 0; p < pictures; p++)
    for (let y = 0; y < grid; y++)
      for (let x = 0; x < grid; x++)
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < patch; i++)
            for (let j = 0; j < patch; j++) out[at++] = data[((p * channels + c) * side + y * patch + i) * side + x * patch + j] ?? 0
  return { shape: [pictures * grid ** 2, channels * patch ** 2], data: out }
}

/** The visual tokens of pixel values. */
export const visualOf = async (device: Device, model: ModelSpec, pixels: Tensor): Promise<Tensor> => {
  const pictures = pixels.shape[0] ?? 0
  return (await once(device, featuresProgram(model, pictures), { patches: patchesOf(model.vision, pixels) }))('visual')
}

export const integers = (values: ArrayLike<number>): Tensor => ({ shape: [values.length], data: Int32Array.from(values) })

/** The inputs of `lowerSequences` for token ids [batch, length]: the marks of pictures become places of visual tokens, numbered from the first on. */
export const sequencesOf = (decoder: Decoder, imageToken: number, { shape, data }: Tensor, visual?: Tensor): Tensors => {
  const [, length = 0] = shape
  const ids = Array.from(data)
  let place = 0
  const places = ids.map((id) => (id === imageToken ? place++ : -1))
  const positions = Int32Array.from(ids, (_, row) => row % length)
  const { cos, sin } = rotaryAngles(decoder, positions)
  const angles = [ids.length, decoder.headDim / 2]
  return {
    ids: integers(ids.map((id) => (id === imageToken ? -1 : id))),
    places: integers(places),
    visible: integers(positions.map((position) => position + 1)),
    cos: { shape: angles, data: cos },
    sin: { shape: angles, data: sin },
    task: integers(ids.map(() => 0)),
    ...(visual === undefined ? {} : { visual }),
  }
}

/** The logits of every position, of the model without experts. */
export const logitsProgram = (model: ModelSpec, shape: BatchShape): Program =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const { hidden } = lowerSequences(s, model, shape, { tasks: [], switches: false })
    return { outputs: { logits: lowerHead(s, model.decoder, lowerLastNorm(s, model.decoder, hidden)) } }
  })
