import { join } from 'node:path'
import type * as E from 'fp-ts/lib/Either.js'
import { type Expansion, type StudySpec, decodeStudy, hash, showDiagnostics } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { Metrics } from '../metrics.js'
import { type Report, note } from '../progress.js'
import { finish } from '../run/finish.js'
import { files as runFiles, runFolder } from '../run/folder.js'
import type { Where } from '../run/index.js'
import { orStop, stop, stoppable } from '../stop.js'
import { type Comparison, type StudyRun, compare } from './compare.js'
import { type Entry, entriesOf, fileNameOf } from './entries.js'
import { comparisonPage } from './table.js'

/** A study to run: its variants one after another, for every seed, in one folder. */
export interface StudyRequest extends Where {
  readonly study: StudySpec
  readonly expansion: Expansion
  readonly seeds: readonly number[]
  readonly dir: string
}

/** The files of a study's folder beside those of its runs. */
const files = { study: 'study.json', comparison: 'comparison.json', page: 'comparison.md' } as const

/** Runs lie side by side: so they share what the tower saw. */
const runOf = (dir: string, entry: Entry, seed: number): string => join(dir, `${fileNameOf(entry)}-seed-${seed}`)

const valid = orStop(showDiagnostics)

const mistakes = orStop((found: readonly string[]) => found)

/** Claims a folder for a study: one that holds another is refused. */
const claim = async (study: StudySpec, dir: string): Promise<void> => {
  const folder = runFolder(dir, nodeFiles)
  if (!(await folder.has(files.study))) return folder.writeJson(files.study, study)
  const before = valid(decodeStudy(await folder.readJson(files.study)))
  if (hash(before) !== hash(study))
    stop(`${dir}: holds another study ('${before.name}', or what it was before it changed); choose another folder with --out`)
}

/**
 * Runs a study: every seed, and for each the base and all variants, one after another, each an ordinary run. What is finished is left alone and what was
 * stopped is taken up again, so that the same call goes on wherever it was killed. The comparison is written anew after every run.
 */
export const runStudy = (
  { study, expansion, seeds, dir, ...where }: StudyRequest,
  report: Report,
): Promise<E.Either<readonly string[], Comparison>> =>
  stoppable(async () => {
    await claim(study, dir)
    const folder = runFolder(dir, nodeFiles)
    const entries = entriesOf(expansion)
    const labels = entries.map(({ label }) => label)
    const done: StudyRun[] = []
    let comparison = compare(study.name, labels, seeds, done)
    for (const seed of seeds)
      for (const entry of entries) {
        const run = runOf(dir, entry, seed)
        report(note(`${done.length + 1} of ${seeds.length * entries.length}: ${entry.label}, seed ${seed}`))
        mistakes(await finish({ ...entry.spec, seed }, run, where, report))
        done.push({ label: entry.label, seed, metrics: await runFolder(run, nodeFiles).readAs(runFiles.metrics, Metrics) })
        comparison = compare(study.name, labels, seeds, done)
        await folder.writeJson(files.comparison, comparison)
        await folder.writeText(files.page, comparisonPage(comparison))
      }
    return comparison
  })
