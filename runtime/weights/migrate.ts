import type * as E from 'fp-ts/lib/Either.js'
import type { Made } from '../../compiler/plan/carry/step.js'
import { made, makes, readsOf } from '../../compiler/plan/migrate.js'
import type { WeightPlan } from '../../compiler/plan/weight-plan.js'
import { invariant } from '../../compiler/invariant.js'
import { size } from '../../compiler/shape.js'
import type { Tensor } from '../../compiler/targets/device.js'
import { nameInFile } from '../../models/formats/aliases.js'
import { writeAtomically } from '../../models/formats/atomic.js'
import { nodeFiles, showFileError } from '../../models/formats/files.js'
import { type NewTensor, bytesOf, streamedChunks } from '../../models/formats/safetensors-writer.js'
import type { Stored } from '../../models/formats/weights.js'
import { type Report, step } from '../progress.js'
import { clockFor, during } from '../run/clock.js'
import { orStop, stoppable } from '../stop.js'
import type { Checkpoint } from './source.js'

/** What is to be written where, and under which seed new tensors are drawn. */
export interface Migration {
  readonly plan: WeightPlan
  readonly checkpoint: Checkpoint
  readonly out: string
  readonly seed: number
}

const told = orStop(showFileError)

/**
 * Performs a plan on a checkpoint: one safetensors file, whole or not there. What is kept or renamed goes over byte by byte in the dtype that it has; what is
 * made is float32. One tensor is in memory at a time, with those that it is made of.
 */
export const migrateCheckpoint = ({ plan, checkpoint, out, seed }: Migration, report: Report): Promise<E.Either<readonly string[], void>> =>
  stoppable(async () => {
    const steps = makes(plan)
    let done = 0
    const counted =
      (bytes: () => Promise<Uint8Array>): NewTensor['bytes'] =>
      async () => {
        const made = await bytes()
        report(step((done += 1)))
        return made
      }
    const tensors = steps.map((each) => newTensor(each, checkpoint, seed)).map((each) => ({ ...each, bytes: counted(each.bytes) }))
    const { metadata } = checkpoint
    const chunks = streamedChunks(tensors, Object.keys(metadata).length === 0 ? undefined : metadata)
    await during({ clock: clockFor(report) }, 'weights', null, `writing ${steps.length} tensors to ${out}`, steps.length, async () =>
      told(await writeAtomically(nodeFiles)(out, chunks)),
    )
  })

const storedAs = ({ tensors }: Checkpoint, name: string): Stored => {
  const found = tensors.get(name)
  invariant(found !== undefined, `${name} is read, but not in the checkpoint`)
  return found
}

const newTensor = (step: Made, checkpoint: Checkpoint, seed: number): NewTensor => {
  if (step.kind === 'keep' || step.kind === 'rename') {
    const { file, written } = storedAs(checkpoint, step.kind === 'keep' ? step.name : step.from)
    const entry = file.entries.get(written)
    invariant(entry !== undefined, `${written} is not in ${file.path}`)
    const name = step.kind === 'keep' ? written : step.name
    return { name, dtype: entry.dtype, shape: entry.shape, length: entry.end - entry.begin, bytes: async () => told(await file.bytes(written)) }
  }
  const { shape } = step
  const name = isAsInFiles(checkpoint) ? nameInFile(step.name) : step.name
  return { name, dtype: 'F32', shape, length: 4 * size(shape), bytes: async () => bytesOf((await computed(step, checkpoint, seed)).data) }
}

/** Whether a checkpoint has the names that published ones have: new tensors then get theirs. */
const isAsInFiles = ({ tensors }: Checkpoint): boolean => [...tensors.values()].some(({ name, written }) => name !== written)

const computed = async (step: Made, checkpoint: Checkpoint, seed: number): Promise<Tensor> => {
  const read = new Map<string, Tensor>()
  for (const name of readsOf(step)) {
    const { file, written } = storedAs(checkpoint, name)
    read.set(name, told(await file.read(written)))
  }
  return made(step, seed, (name) => {
    const tensor = read.get(name)
    invariant(tensor !== undefined, `${name} is read, but was not told`)
    return tensor
  })
}
