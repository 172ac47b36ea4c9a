import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { manifestFile } from '../../coin/manifest.js'
import type { Task } from '../../coin/stream-types.js'
import { type Diagnostics, checkSpec, decodeSpec, printPath, showDiagnostic } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { count } from '../../runtime/report/format.js'
import { type Register, command, noFlags } from '../command.js'
import { type Mistakes, failed, good, mistake } from '../outcome.js'
import { elsewhere, readValue } from '../spec-file.js'
import { fileOf } from '../version-of.js'

/** All that is wrong with one file, or one stream. */
interface Finding {
  readonly lines: readonly string[]
  readonly wrong: boolean
  /** For machines. */
  readonly data: object
}

const ofSpec = (file: string, diagnostics: Diagnostics): Finding => ({
  lines:
    diagnostics.length === 0
      ? [`${file}: good`]
      : diagnostics.map((each) => `${file}: ${each.severity === 'warning' ? 'warning: ' : ''}${showDiagnostic(each)}`),
  wrong: diagnostics.some(({ severity }) => severity === 'error'),
  // Places as text: a machine has no use for linked lists.
  data: { file, diagnostics: diagnostics.map((each) => ({ ...each, path: each.path === undefined ? '' : printPath(each.path) })) },
})

/** The folder of a stream that is meant by its own name, or by its manifest's. */
const streamFolder = (name: string): string | undefined => {
  const folder = basename(name) === manifestFile ? dirname(name) : name
  return existsSync(join(folder, manifestFile)) ? folder : undefined
}

const samples = (tasks: readonly Task[], of: 'train' | 'test'): number => tasks.reduce((n, task) => n + task[of].length, 0)

const ofStream = async (folder: string): Promise<Finding> => {
  const { readStream, showProblem } = await import('../../coin/stream.js')
  const stream = await readStream(folder)
  if (E.isLeft(stream)) return { lines: stream.left.map(showProblem), wrong: true, data: { file: folder, problems: stream.left } }
  const { tasks } = stream.right
  const [train, test] = [samples(tasks, 'train'), samples(tasks, 'test')]
  const text = `${folder}: good; ${plural(tasks.length, 'task')}, ${count(train)} training and ${count(test)} test samples`
  return { lines: [text], wrong: false, data: { file: folder, problems: [], tasks: tasks.map(({ id }) => id), train, test } }
}

const look = async (file: string): Promise<E.Either<Mistakes, Finding>> => {
  const stream = streamFolder(file)
  if (stream !== undefined) return E.right(await ofStream(stream))
  const meant = await fileOf(file)
  if (E.isLeft(meant)) return meant
  const value = await readValue(meant.right.path)
  if (E.isLeft(value)) return value
  const other = elsewhere(file, value.right)
  if (other.length > 0) return E.left(other)
  const spec = decodeSpec(value.right)
  return E.right(ofSpec(file, E.isLeft(spec) ? spec.left : checkSpec(spec.right)))
}

export const check: Register = (rack) =>
  command(
    rack,
    'check <spec...>',
    {
      summary: 'say all that is wrong with a spec or a stream',
      description:
        'Checks specs of any kind (JSON, or a TypeScript or JavaScript module that exports one) and folders that hold a stream of tasks (its manifest, every record, every picture), and says all that is wrong with them at once. Exits 1 when there is an error.',
      example: 'cmoe check experiment.json\ncmoe check my-stream',
    },
    noFlags,
    async (files) => {
      const looked: E.Either<Mistakes, Finding>[] = []
      for (const file of files) looked.push(await look(file))
      const unread = looked.flatMap((each) => (E.isLeft(each) ? each.left : []))
      if (unread.length > 0) return mistake(...unread)
      const findings = looked.flatMap((each) => (E.isRight(each) ? [each.right] : []))
      const text = findings.flatMap(({ lines }) => lines).join('\n')
      const data = findings.map((finding) => finding.data)
      return findings.some(({ wrong }) => wrong) ? failed(text, data) : good(text, data)
    },
  )
