import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Decoder } from 'io-ts'
import type { Tensors } from '../../compiler/targets/device.js'
import { lineageFile, versionFile } from '../../dsl/index.js'
import { writeAtomically } from '../../models/formats/atomic.js'
import { type Files, attempt, isMissing, readText, showFileError } from '../../models/formats/files.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import { orStop, stop } from '../stop.js'

/** The files of a run, by the names of design section 9, relative to its folder. */
export const files = {
  experiment: 'experiment.json',
  inputs: 'inputs.json',
  lineage: lineageFile,
  metrics: 'metrics.json',
  report: 'report.html',
  lock: 'lock.json',
  version: versionFile,
  patch: (task: string) => `patches/${task}.json`,
  evidence: (task: string) => `evidence/${task}.json`,
  plan: (task: string) => `plans/${task}.json`,
  weights: (task: string) => `weights/${task}.safetensors`,
  /** Of a LoRA that a run is compared with, e.g. `joint` or `sequential-lora/gqa`. */
  baseline: (course: string) => `weights/baselines/${course}.safetensors`,
  predictions: (after: string, task: string) => `predictions/${after}/${task}.jsonl`,
  /** What only an unfinished run needs. */
  work: 'checkpoints',
  seconds: 'checkpoints/seconds.json',
  checkpoint: (course: string) => `checkpoints/${course.replaceAll(/[^\w.-]+/g, '-')}.safetensors`,
} as const

/** A run's folder: every file is whole or not there. Whatever the disk refuses ends the run with one message. */
export interface RunFolder {
  readonly path: string
  readonly has: (name: string) => Promise<boolean>
  readonly readJson: (name: string) => Promise<unknown>
  /** A JSON file of this shape. */
  readonly readAs: <A>(name: string, shape: Decoder<unknown, A>) => Promise<A>
  readonly writeJson: (name: string, value: unknown) => Promise<void>
  readonly readText: (name: string) => Promise<string>
  readonly writeText: (name: string, text: string) => Promise<void>
  readonly readTensors: (name: string) => Promise<{ readonly tensors: Tensors; readonly metadata: Readonly<Record<string, string>> }>
  readonly writeTensors: (name: string, tensors: Tensors, metadata?: Readonly<Record<string, string>>) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  readonly removeFolder: (name: string) => Promise<void>
  /** Names of all files under a folder of the run; none where there is no such folder. */
  readonly list: (name: string) => Promise<readonly string[]>
}

const told = orStop(showFileError)

export const runFolder = (path: string, disk: Files): RunFolder => {
  const at = (name: string) => join(path, name)
  const ready = async (name: string) => told(await attempt(at(name), () => mkdir(dirname(at(name)), { recursive: true })))
  const writeText = async (name: string, text: string) => {
    await ready(name)
    told(await writeAtomically(disk)(at(name), [Buffer.from(text)]))
  }
  const text = async (name: string) => told(await readText(disk)(at(name)))
  const readJson = async (name: string) => parsed(at(name), await text(name))
  return {
    path,
    has: async (name) => {
      try {
        await disk.stat(at(name))
        return true
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    },
    readText: text,
    writeText,
    readJson,
    readAs: async (name, shape) => {
      const decoded = shape.decode(await readJson(name))
      return E.isRight(decoded) ? decoded.right : stop(`${at(name)}: does not hold what was written there; restore it or delete the run`)
    },
    writeJson: (name, value) => writeText(name, `${JSON.stringify(value, null, 1)}\n`),
    readTensors: async (name) => told(await readSafetensors(disk)(at(name))),
    writeTensors: async (name, tensors, metadata = {}) => {
      await ready(name)
      told(await writeSafetensors(disk)(at(name), tensors, { metadata }))
    },
    remove: async (name) => {
      told(await attempt(at(name), () => rm(at(name), { force: true })))
    },
    removeFolder: async (name) => {
      told(await attempt(at(name), () => rm(at(name), { force: true, recursive: true })))
    },
    list: async (name) => {
      const found = await attempt(at(name), () => readdir(at(name), { recursive: true, withFileTypes: true }))
      const inside = E.isRight(found) ? found.right.filter((entry) => entry.isFile()) : []
      return inside.map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    },
  }
}

const parsed = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return stop(
      `${path}: this is not JSON (${error instanceof Error ? error.message : String(error)}); the file was damaged, restore it or delete the run`,
    )
  }
}
