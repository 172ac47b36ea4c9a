import { type GenerateShape, generateProgram } from '../../compiler/phases/generate.js'
import { names } from '../../compiler/plan/names.js'
import { rotaryAngles } from '../../compiler/plan/rotary.js'
import { type Executable, type Tensor, type Tensors, outputOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import { padded, sequenceInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Engine, type Programs, batchOptions } from '../engine.js'
import { greatest } from '../learn/evidence.js'

/** Prompts that are answered together. */
const batch = 32

/** Answers prompts by the most probable token at each step, until the end token or `limit` tokens; `task` names the routers, null runs the base alone. */
export const generate = async (
  engine: Engine,
  model: ModelSpec,
  programs: Programs,
  task: string | null,
  prompts: readonly Encoded[],
  limit: number,
  onAnswered: (count: number) => void = () => undefined,
): Promise<readonly string[]> => {
  // Prompts of like length share a batch; the answers go back to their places.
  const order = prompts.map((_, i) => i).sort((a, b) => (prompts[a]?.ids.length ?? 0) - (prompts[b]?.ids.length ?? 0) || a - b)
  const answers = prompts.map(() => '')
  for (let at = 0; at < order.length; at += batch) {
    const part = order.slice(at, at + batch)
    const ids = await answerBatch(
      engine,
      model,
      programs,
      task,
      part.flatMap((i) => prompts[i] ?? []),
      limit,
    )
    part.forEach((i, k) => (answers[i] = engine.wording.tokenizer.decode(ids[k] ?? [])))
    onAnswered(at + part.length)
  }
  return answers
}

const answerBatch = async (
  engine: Engine,
  model: ModelSpec,
  programs: Programs,
  task: string | null,
  prompts: readonly Encoded[],
  limit: number,
): Promise<readonly (readonly number[])[]> => {
  const length = padded(Math.max(...prompts.map(({ ids }) => ids.length)), 8)
  const shape: GenerateShape = { batch, length, pictures: batch, capacity: length + limit }
  const tasks = task === null ? [] : [task]
  const program = (pictures: number, tokens: number) =>
    programs.get(`${task} ${shape.capacity} ${tokens}`, () => generateProgram(model, { ...shape, pictures, length: tokens }, tasks))
  const { store } = engine.device
  const caches = cacheNames(model, shape)
  const rows = [batch * shape.capacity, model.decoder.kvHeads * model.decoder.headDim]
  const zeros: Tensor = { shape: rows, data: new Float32Array((rows[0] ?? 0) * (rows[1] ?? 0)) }
  for (const name of caches) if (!store.has(name)) store.put(name, zeros)

  const route = task === null ? -1 : 0
  const first = await program(batch, length).run({
    ...sequenceInputs(batchOptions(engine, model, route), shape, prompts),
    slots: int(
      prompts.flatMap(({ ids }, i) => Array.from({ length }, (_, t) => (t < ids.length ? i * shape.capacity + t : -1))),
      batch * length,
    ),
    last: int(
      prompts.map(({ ids }, i) => i * length + ids.length - 1),
      batch,
    ),
  })
  return continueGreedily(engine, model, shape, program(0, 1), prompts, first, route, limit)
}

const continueGreedily = async (
  { wording: { tokenizer } }: Engine,
  model: ModelSpec,
  { capacity }: GenerateShape,
  decode: Executable,
  prompts: readonly Encoded[],
  first: Tensors,
  route: number,
  limit: number,
): Promise<readonly (readonly number[])[]> => {
  const answers = prompts.map((): number[] => [])
  let logits = outputOf(first, 'logits')
  let open = prompts.map((_, i) => i)
  for (let written = 0; ; written++) {
    const next = new Int32Array(batch)
    for (const i of open) next[i] = best(logits, i)
    open = open.filter((i) => next[i] !== tokenizer.eos)
    for (const i of open) answers[i]?.push(next[i] ?? tokenizer.eos)
    if (open.length === 0 || written + 1 === limit) return answers
    const positions = Int32Array.from({ length: batch }, (_, i) => (prompts[i]?.ids.length ?? 0) + written)
    const slots = new Int32Array(batch).fill(-1)
    for (const i of open) slots[i] = i * capacity + (positions[i] ?? 0)
    const { cos, sin } = rotaryAngles(model.decoder, positions)
    const angles = [batch, model.decoder.headDim / 2]
    const outputs = await decode.run({
      ids: { shape: [batch], data: next },
      visible: { shape: [batch], data: positions.map((position) => position + 1) },
      cos: { shape: angles, data: cos },
      sin: { shape: angles, data: sin },
      task: { shape: [batch], data: new Int32Array(batch).fill(route) },
      slots: { shape: [batch], data: slots },
      last: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i) },
    })
    logits = outputOf(outputs, 'logits')
  }
}

const best = ({ shape: [, vocab = 0], data }: Tensor, row: number): number => greatest(data.subarray(row * vocab, (row + 1) * vocab))

const cacheNames = (model: ModelSpec, { capacity }: GenerateShape): readonly string[] =>
  Array.from({ length: model.decoder.layers }).flatMap((_, layer) =>
    (['key', 'value'] as const).map((part) => names.cache(layer, part, batch * capacity)),
  )

/** Integers padded with -1, the index of nothing. */
const int = (values: readonly number[], size: number): Tensor => {
  const data = new Int32Array(size).fill(-1)
  data.set(values)
  return { shape: [size], data }
}
