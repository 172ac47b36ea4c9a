import { type GenerateShape, generateProgram } from '../../compiler/phases/generate.js'
import { rotaryAngles } from '../../compiler/plan/rotary.js'
import { type Executable, type Tensor, type Tensors, outputOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import { sequenceInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Bucket, buckets } from '../data/lengths.js'
import { type Engine, type Programs, batchOptions } from '../engine.js'
import { argmax } from '../argmax.js'
import { withCaches } from './cache.js'

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
  const answers = prompts.map(() => '')
  let answered = 0
  for (const [capacity, alike] of byCapacity(prompts, limit))
    // One size of cache at a time: those of every length that prompts may have would fill the device.
    await withCaches(engine.device.store, model.decoder, batch * capacity, async () => {
      for (const { length, indices } of alike) {
        const asked = indices.flatMap((i) => prompts[i] ?? [])
        const ids = await answerBatch(engine, model, programs, task, asked, { batch, length, pictures: batch, capacity }, limit)
        indices.forEach((i, k) => (answers[i] = engine.processor.tokenizer.decode(ids[k] ?? [])))
        answered += indices.length
        onAnswered(answered)
      }
    })
  return answers
}

/** Batches that share caches: those of one length, by the tokens that a sequence may grow to. */
const byCapacity = (prompts: readonly Encoded[], limit: number): ReadonlyMap<number, readonly Bucket[]> => {
  const sharing = new Map<number, Bucket[]>()
  const lengths = prompts.map(({ ids }) => ids.length)
  for (const bucket of buckets(lengths, batch)) sharing.set(bucket.length + limit, [...(sharing.get(bucket.length + limit) ?? []), bucket])
  return sharing
}

const answerBatch = async (
  engine: Engine,
  model: ModelSpec,
  programs: Programs,
  task: string | null,
  prompts: readonly Encoded[],
  shape: GenerateShape,
  limit: number,
): Promise<readonly (readonly number[])[]> => {
  const { length } = shape
  const tasks = task === null ? [] : [task]
  const program = (pictures: number, tokens: number) =>
    programs.get(`${task} ${shape.capacity} ${tokens}`, () => generateProgram(model, { ...shape, pictures, length: tokens }, tasks))
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
  { processor: { tokenizer } }: Engine,
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

const best = ({ shape: [, vocab = 0], data }: Tensor, row: number): number => argmax(data.subarray(row * vocab, (row + 1) * vocab))

/** Integers padded with -1, the index of nothing. */
const int = (values: readonly number[], size: number): Tensor => {
  const data = new Int32Array(size).fill(-1)
  data.set(values)
  return { shape: [size], data }
}
