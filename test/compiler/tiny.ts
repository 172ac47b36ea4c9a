import { type ModelSpec, type Site, siteOf } from '../../dsl/index.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { patchCount } from '../../compiler/lower/vision.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { rotaryAngles } from '../../compiler/plan/rotary.js'
import { size } from '../../compiler/shape.js'
import type { Tensors } from '../../compiler/targets/device.js'
import { stream } from './random.js'
import { tensor } from './tensors.js'

const expertsAt = (layer: number, linear: 'attn.q' | 'ffn.up', tasks: readonly string[]): Site => ({
  id: siteOf(layer, linear),
  experts: tasks.flatMap((task) =>
    [0, 1].map((i) => ({ id: `${task}.${i}`, rank: 2 + i, alpha: 4, origin: { kind: 'fresh' as const }, task, by: 'test', probe: false })),
  ),
  routers: tasks.map((task, i) => ({
    task,
    sees: tasks.slice(0, i + 1).flatMap((seen) => [`${seen}.0`, `${seen}.1`]),
    gate: i === 0 ? { kind: 'dense' as const, temperature: 2 } : { kind: 'top-k' as const, k: 2, temperature: 1 },
    probe: false,
  })),
})

/** A model with experts of these tasks at two sites of one layer, smaller than any that is of use: a SigLIP tower, grouped heads, tied embeddings. */
export const tiny = (...tasks: readonly string[]): ModelSpec => ({
  format: 'cmoe/model/1',
  name: 'tiny',
  vision: { kind: 'siglip-vit', image: 8, patch: 2, width: 8, layers: 2, heads: 2, ffn: 12, activation: 'gelu-tanh', epsilon: 1e-6, layer: -1 },
  connector: { kind: 'mlp', join: 2, depth: 2, width: 10, activation: 'gelu' },
  decoder: {
    kind: 'llama',
    vocab: 19,
    width: 8,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headDim: 4,
    ffn: 14,
    epsilon: 1e-5,
    positions: 32,
    tied: true,
    qkvBias: false,
    rope: { theta: 100, scaling: null },
  },
  tasks: tasks.map((id) => ({ id })),
  sites: [expertsAt(1, 'attn.q', tasks), expertsAt(1, 'ffn.up', tasks)],
  locator: {
    kind: 'vae',
    feature: 'last-token',
    hidden: 6,
    latent: 3,
    activation: 'tanh',
    zScore: false,
    samples: 2,
    train: { steps: 1, batch: 2, learningRate: 0.01 },
  },
})

/** The same with the other choices: a CLIP tower that drops its last block, a head of its own, biases at q, k and v. */
export const other = (...tasks: readonly string[]): ModelSpec => {
  const model = tiny(...tasks)
  return {
    ...model,
    vision: { ...model.vision, kind: 'clip-vit', activation: 'quick-gelu', layer: -2 },
    connector: { ...model.connector, join: 1, depth: 1 },
    decoder: { ...model.decoder, tied: false, qkvBias: true, rope: { theta: 100, scaling: { kind: 'linear', factor: 2 } } },
  }
}

/** Every parameter drawn at a size that keeps activations near one, so that no part of the model is asleep. */
export const drawnWeights = (model: ModelSpec): Tensors =>
  Object.fromEntries(
    [...parameters(model).values()].map(({ name, shape }, i) => {
      const random = stream(1000 + i)
      const scale = shape.length === 1 ? 0.5 : 1.5 * (shape.at(-1) ?? 1) ** -0.5
      const level = /norm\d?\.weight$/u.test(name) ? 1 : 0
      return [name, { shape, data: Float32Array.from({ length: size(shape) }, () => level + scale * (2 * random() - 1)) }]
    }),
  )

/** Inputs of a batch whose samples take the routes given, by number: a picture each, text around it, padding on the right. */
export const batchOf = (model: ModelSpec, length: number, routes: readonly number[]): Tensors => {
  const { vision, connector, decoder } = model
  const [batch, tokens, patches] = [routes.length, visualTokens(vision, connector), patchCount(vision)]
  const rows = batch * length
  const at = (row: number): readonly [sample: number, t: number] => [Math.floor(row / length), row % length]
  const pictured = (row: number): boolean => at(row)[1] >= 1 && at(row)[1] <= tokens
  const { cos, sin } = rotaryAngles(
    decoder,
    Int32Array.from({ length: rows }, (_, row) => at(row)[1]),
  )
  const integers = (of: (row: number) => number) => ({ shape: [rows], data: Int32Array.from({ length: rows }, (_, row) => of(row)) })
  return {
    ids: integers((row) => (pictured(row) ? -1 : (7 * row + 3) % decoder.vocab)),
    places: integers((row) => (pictured(row) ? at(row)[0] * tokens + at(row)[1] - 1 : -1)),
    visible: integers((row) => at(row)[1] + 1),
    task: integers((row) => routes[at(row)[0]] ?? -1),
    cos: { shape: [rows, decoder.headDim / 2], data: cos },
    sin: { shape: [rows, decoder.headDim / 2], data: sin },
    patches: tensor([batch * patches, 3 * vision.patch ** 2], 77),
  }
}
