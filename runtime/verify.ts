import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { parameters } from '../compiler/plan/parameters.js'
import { same } from '../compiler/shape.js'
import { hashJson } from '../dsl/hash.js'
import type { Tensors } from '../compiler/targets/device.js'
import {
  type Archive,
  type Checked,
  type LineageEntry,
  type ModelSpec,
  checkLineage,
  decodeExperiment,
  decodeLineage,
  showDiagnostic,
} from '../dsl/index.js'
import { nodeFiles } from '../models/formats/files.js'
import { type Report, silent } from './progress.js'
import { readArchive } from './run/archive.js'
import { type Clock, clockFor, during } from './run/clock.js'
import { type RunFolder, files, runFolder } from './run/folder.js'
import { lockedHash } from './run/hashes.js'
import { Inputs, changedMaterial } from './run/inputs.js'
import { LockFile, lockedFileHash } from './run/lock-file.js'
import { readMaterial } from './run/read.js'
import { stop, stoppable } from './stop.js'
import { addedNames } from './tensors.js'

/** Something in a run folder that is not as it was written. */
export interface Finding {
  readonly file: string
  readonly message: string
}

/**
 * Checks a finished run against itself: every file against the hash in `lock.json`, the lineage as `checkLineage` does, every weights file against the version
 * that it belongs to, base and stream against what the run was begun with. A task's file holds exactly what its version adds, so no tensor of an earlier task
 * is in a later one's: what was learnt before is as it was, bit for bit.
 */
export const verifyRun = async (path: string, report: Report = silent): Promise<readonly Finding[]> => {
  const folder = runFolder(path, nodeFiles)
  const clock = clockFor(report)
  const looking = <A>(title: string, work: () => Promise<A>) => during({ clock }, 'verify', null, title, null, work)
  const locked = await looking('the hash of every file', () => attempted(files.lock, () => checkLock(folder)))
  const lineage = await looking('every plan, version and frozen tensor', () => attempted(files.lineage, () => checkVersions(folder)))
  const material = await attempted(files.inputs, () => checkMaterial(folder, clock))
  return once([...locked, ...lineage, ...material].map((finding) => told(path, finding)))
}

/** A finding names its file once: what stops the reading of one begins with it. */
const told = (path: string, { file, message }: Finding): Finding => {
  const named = `${join(path, file)}: `
  return { file, message: message.startsWith(named) ? message.slice(named.length) : message }
}

/** What two checks found alike, such as a file that is gone, is one finding. */
const once = (findings: readonly Finding[]): readonly Finding[] =>
  Array.from(new Map(findings.map((finding) => [`${finding.file}: ${finding.message}`, finding])).values())

/** What a check found; what stops it (a file that is gone or unreadable) is a finding too. */
const attempted = async (file: string, check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
  const result = await stoppable(check)
  return E.isRight(result) ? result.right : result.left.map((message) => ({ file, message }))
}

const checkLock = async (folder: RunFolder): Promise<readonly Finding[]> => {
  if (!(await folder.has(files.lock)) && (await folder.has(files.experiment)))
    return [{ file: files.lock, message: `is not there yet: the run is not finished; go on with cmoe resume ${folder.path}` }]
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

/** All that is wrong with a file, a finding each. */
const valid = <A>(decoded: Checked<A>): A => (E.isRight(decoded) ? decoded.right : stop(...decoded.left.map(showDiagnostic)))

/** Base and stream as they are now. Folders that are not there any more are not compared: a run may be looked at far from where it was made. */
const checkMaterial = async (folder: RunFolder, clock: Clock): Promise<readonly Finding[]> => {
  const before = await folder.readAs(files.inputs, Inputs)
  const experiment = valid(decodeExperiment(await folder.readJson(files.experiment)))
  const folders = [experiment.weights, experiment.stream].flatMap((place) => (place.kind === 'folder' ? [place.path] : []))
  if (!folders.every(existsSync)) return []
  const { material } = await readMaterial(clock, experiment)
  return changedMaterial(experiment, before, material).map((message) => ({ file: files.inputs, message }))
}

/** The graph and all that it names against each other; then, for every step, the tensors that it added. */
const checkVersions = async (folder: RunFolder): Promise<readonly Finding[]> => {
  const lineage = valid(decodeLineage(await folder.readJson(files.lineage)))
  const { archive, unread } = await readArchive(folder, lineage)
  // What cannot be read has been told; that it is missing too would be told twice.
  const damaged = new Set(unread.map(({ file }) => file))
  const found = checkLineage(archive).filter(({ file }) => !damaged.has(file))
  const weights: Finding[] = []
  for (const entry of lineage.versions) weights.push(...(await checkWeights(folder, archive, entry)))
  return [...unread, ...found.map(({ file, message }) => ({ file, message })), ...weights]
}

/** The tensors of one step of the lineage: those that its version adds, in their shapes, as they were when its task had been learnt. */
const checkWeights = async (folder: RunFolder, { versions }: Archive, { version, parents, weights }: LineageEntry): Promise<readonly Finding[]> => {
  const [parent, child] = [versions[parents[0]?.version ?? ''], versions[version]]
  if (weights === null || parent === undefined || child === undefined) return []
  const { file, hash: expected } = weights
  return attempted(file, async () => {
    const message = wrongTensors(parent, child, expected, (await folder.readTensors(file)).tensors)
    return message === undefined ? [] : [{ file, message }]
  })
}

const wrongTensors = (parent: ModelSpec, child: ModelSpec, expected: string, tensors: Tensors): string | undefined => {
  if (lockedHash(tensors) !== expected) return 'a tensor is not as it was when its task had been learnt'
  const [wanted, found] = [[...addedNames(parent, child)].sort(), Object.keys(tensors).sort()]
  if (wanted.join('\n') !== found.join('\n')) return 'does not hold exactly what its version adds'
  const table = parameters(child)
  const odd = found.find((name) => !same(table.get(name)?.shape ?? [], tensors[name]?.shape ?? []))
  return odd === undefined ? undefined : `${odd} has another shape than its version says`
}
