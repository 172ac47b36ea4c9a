import { existsSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { parameters } from '../compiler/plan/parameters.js'
import { same } from '../compiler/shape.js'
import { hashJson } from '../dsl/hash.js'
import { type ModelSpec, decodeEvidence, decodeExperiment, decodeModel, decodePlan, diff, grow, hash, showDiagnostics } from '../dsl/index.js'
import { nodeFiles } from '../models/formats/files.js'
import { silent } from './progress.js'
import { clockFor } from './run/clock.js'
import { type RunFolder, files, runFolder } from './run/folder.js'
import { lockedHash } from './run/hashes.js'
import { Inputs, changedMaterial } from './run/inputs.js'
import { Lineage, type LineageEntry } from './run/lineage.js'
import { LockFile, lockedFileHash } from './run/lock-file.js'
import { readMaterial } from './run/read.js'
import { orStop, stoppable } from './stop.js'
import { addedNames } from './tensors.js'

/** Something in a run folder that is not as it was written. */
export interface Finding {
  readonly file: string
  readonly message: string
}

/**
 * Checks a finished run against itself: every file against the hash in `lock.json`, every version against its name, every plan and patch against the version
 * that it makes of its parent, every weights file against the lineage, base and stream against what the run was begun with. A task's file holds exactly what its version adds, so no tensor of an earlier task
 * is in a later one's: what was learnt before is as it was, bit for bit.
 */
export const verifyRun = async (path: string): Promise<readonly Finding[]> => {
  const folder = runFolder(path, nodeFiles)
  const locked = await attempted(files.lock, () => checkLock(folder))
  const lineage = await attempted(files.lineage, () => checkLineage(folder))
  const material = await attempted(files.inputs, () => checkMaterial(folder))
  return [...locked, ...lineage, ...material]
}

/** What a check found; what stops it (a file that is gone or unreadable) is a finding too. */
const attempted = async (file: string, check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
  const result = await stoppable(check)
  return E.isRight(result) ? result.right : result.left.map((message) => ({ file, message }))
}

const checkLock = async (folder: RunFolder): Promise<readonly Finding[]> => {
  const lock = await folder.readAs(files.lock, LockFile)
  const { hash: own, ...body } = lock
  const findings: Finding[] = own === hashJson(body) ? [] : [{ file: files.lock, message: 'its own hash does not match what it says' }]
  for (const [name, expected] of Object.entries(lock.files)) {
    const checked = await stoppable(async () => {
      const found = await lockedFileHash(folder, name)
      return found === expected ? undefined : 'its bytes are not those that were written'
    })
    const message = E.isLeft(checked) ? checked.left.join(' ') : checked.right
    if (message !== undefined) findings.push({ file: name, message })
  }
  return findings
}

const valid = orStop(showDiagnostics)

/** Base and stream as they are now. Folders that are not there any more are not compared: a run may be looked at far from where it was made. */
const checkMaterial = async (folder: RunFolder): Promise<readonly Finding[]> => {
  const before = await folder.readAs(files.inputs, Inputs)
  const experiment = valid(decodeExperiment(await folder.readJson(files.experiment)))
  const folders = [experiment.weights, experiment.stream].flatMap((place) => (place.kind === 'folder' ? [place.path] : []))
  if (!folders.every(existsSync)) return []
  const { material } = await readMaterial(clockFor(silent), experiment)
  return changedMaterial(experiment, before, material).map((message) => ({ file: files.inputs, message }))
}

const checkLineage = async (folder: RunFolder): Promise<readonly Finding[]> => {
  const { versions } = await folder.readAs(files.lineage, Lineage)
  const findings: Finding[] = []
  const models = new Map<string, ModelSpec>()
  for (const entry of versions) {
    const file = files.version(entry.version)
    findings.push(
      ...(await attempted(file, async () => {
        const model = valid(decodeModel(await folder.readJson(file)))
        if (hash(model) !== entry.version) return [{ file, message: `hashes to ${hash(model)}, which is not its name` }]
        // A damaged version may be no valid model: nothing is built on it.
        models.set(entry.version, model)
        return []
      })),
      ...(await checkStep(folder, models, entry)),
    )
  }
  return findings
}

/** One step of the lineage: parent, plan, patch and weights against the child. */
const checkStep = async (folder: RunFolder, models: ReadonlyMap<string, ModelSpec>, entry: LineageEntry): Promise<readonly Finding[]> => {
  const { task, plan, patch, evidence, weights } = entry
  if (task === null || plan === null || patch === null || evidence === null || weights === null) return []
  const [parent, child] = [models.get(entry.parents[0] ?? ''), models.get(entry.version)]
  if (parent === undefined || child === undefined)
    return [{ file: files.lineage, message: `the step of ${task} has no parent, or no version, that can be read` }]
  const steps: readonly (readonly [string, () => Promise<string | undefined>])[] = [
    [
      plan,
      async () => {
        const read = valid(decodePlan(await folder.readJson(plan)))
        if (read.evidence !== hash(valid(decodeEvidence(await folder.readJson(evidence))))) return `rests on other evidence than ${evidence}`
        return hash(valid(grow(read)(parent))) === entry.version ? undefined : 'does not make this version of its parent'
      },
    ],
    [
      patch,
      async () => {
        const found = await folder.readJson(patch)
        return JSON.stringify(found) === JSON.stringify(diff(parent, child)) ? undefined : 'is not what leads from its parent to this version'
      },
    ],
    [
      weights.file,
      async () => {
        const { tensors } = await folder.readTensors(weights.file)
        if (lockedHash(tensors) !== weights.hash) return 'a tensor is not as it was when its task had been learnt'
        const [expected, found] = [[...addedNames(parent, child)].sort(), Object.keys(tensors).sort()]
        if (expected.join('\n') !== found.join('\n')) return 'does not hold exactly what its version adds'
        const table = parameters(child)
        const odd = found.find((name) => !same(table.get(name)?.shape ?? [], tensors[name]?.shape ?? []))
        return odd === undefined ? undefined : `${odd} has another shape than its version says`
      },
    ],
  ]
  const findings: Finding[] = []
  for (const [file, check] of steps) {
    const result = await attempted(file, async () => {
      const message = await check()
      return message === undefined ? [] : [{ file, message }]
    })
    findings.push(...result)
  }
  return findings
}
