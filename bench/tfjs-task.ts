import { visualTokens } from '../compiler/lower/connector.js'
import { newestTask } from '../compiler/targets/layers/index.js'
import { initialise } from '../compiler/plan/initialise.js'
import { parameters } from '../compiler/plan/parameters.js'
import { normal, random } from '../compiler/plan/random.js'
import { rotaryAngles } from '../compiler/plan/rotary.js'
import type { Tensor, Tensors } from '../compiler/targets/device.js'
import type { ModelSpec } from '../dsl/index.js'
import { mini } from '../models/mini.js'

/** The same training for every contender: a model, its first weights, a batch, and what is trained. */
export interface Task {
  readonly model: ModelSpec
  readonly given: Tensors
  readonly inputs: Tensors
  readonly trained: ReadonlySet<string>
}

export const batch = { batch: 8, length: 64, pictures: 8, supervised: 32 } as const

export const learningRate = 1e-3

/** mini with two experts of rank 8 and a router of a new task at every up-projection. */
const grown: ModelSpec = {
  ...mini,
  tasks: [{ id: 'new' }],
  locator: null,
  sites: mini.sites.map(({ id }) => ({
    id,
    experts: [0, 1].map((i) => ({ id: `new.${i}`, rank: 8, alpha: 16, origin: { kind: 'fresh' }, task: 'new', by: 'bench', probe: false })),
    routers: [{ task: 'new', sees: ['new.0', 'new.1'], gate: { kind: 'dense', temperature: 1 }, probe: false }],
  })),
}

const rows = batch.batch * batch.length

/** Labelled tokens at the end of every sequence. */
const answer = batch.supervised / batch.batch

const floats = (name: string, ...shape: readonly number[]): Tensor => {
  const next = random(0, name)
  return { shape, data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => normal(next)) }
}

const integers = (length: number, of: (i: number) => number): Tensor => ({ shape: [length], data: Int32Array.from({ length }, (_, i) => of(i)) })

const inputs = (): Tensors => {
  const tokens = visualTokens(grown.vision, grown.connector)
  const { vocab, width, headDim } = grown.decoder
  const picture = (t: number): boolean => t >= 1 && t <= tokens
  const { cos, sin } = rotaryAngles(
    grown.decoder,
    Int32Array.from({ length: rows }, (_, row) => row % batch.length),
  )
  return {
    ids: integers(rows, (row) => (picture(row % batch.length) ? -1 : (31 * row) % vocab)),
    places: integers(rows, (row) => (picture(row % batch.length) ? Math.floor(row / batch.length) * tokens + (row % batch.length) - 1 : -1)),
    visible: integers(rows, (row) => (row % batch.length) + 1),
    task: integers(rows, () => 0),
    cos: { shape: [rows, headDim / 2], data: cos },
    sin: { shape: [rows, headDim / 2], data: sin },
    visual: floats('visual', batch.pictures * tokens, width),
    rows: integers(batch.supervised, (i) => (1 + Math.floor(i / answer)) * batch.length - answer + (i % answer)),
    targets: integers(batch.supervised, (i) => (17 * i) % vocab),
    weights: { shape: [batch.supervised], data: new Float32Array(batch.supervised).fill(1 / batch.supervised) },
  }
}

export const task = (): Task => ({
  model: grown,
  given: Object.fromEntries([...parameters(grown).values()].map((parameter) => [parameter.name, initialise(0, undefined)(parameter)])),
  inputs: inputs(),
  trained: newestTask(grown),
})
