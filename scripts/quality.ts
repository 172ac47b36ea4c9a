// Runs what the figures of docs/minicoin.md rest on, writes them there, and checks the targets: npm run quality -- --help
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { progress } from '../cli/progress/index.js'
import { table } from '../cli/table.js'
import { processTerminal } from '../cli/terminal.js'
import { type ExperimentSpec, hash } from '../dsl/index.js'
import { miniExperiment } from '../models/index.js'
import { verifyRun } from '../runtime/index.js'
import { finish, stateOf } from '../runtime/run/finish.js'
import { type Comparison, emptyPage, figuresJson, figuresMarkdown, mixed, placed, verdictsOf } from './quality/document.js'
import type { Logits, RunFacts } from './quality/facts.js'
import { compareLogits } from './quality/logits.js'
import { type Options, readOptions } from './quality/options.js'
import { readRun } from './quality/read.js'
import { locatorRows, targetRows } from './quality/tables.js'
import { tiny, variantsOf } from './quality/variants.js'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** What stops the comparison is said, and ends it: it goes on from there when it is called again. */
const orEnd = <A>(result: E.Either<readonly string[] | string, A>): A => {
  if (E.isRight(result)) return result.right
  for (const line of [result.left].flat()) process.stderr.write(`quality: ${line}\n`)
  return process.exit(2)
}

const written = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, text)
  await rename(`${path}.partial`, path)
}

const readOr = async (path: string, otherwise: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return otherwise
  }
}

/** Compares the logits of a finished run once, and keeps what it found beside the run's folder. */
const logitsOf = async (experiment: ExperimentSpec, dir: string, options: Options): Promise<Logits> => {
  const file = `${dir}.logits.json`
  const before: { readonly experiment?: string; readonly logits?: Logits } = JSON.parse(await readOr(file, '{}'))
  if (before.logits !== undefined && before.experiment === hash(experiment)) return before.logits
  const logits = orEnd(await compareLogits(experiment, dir, options))
  await written(file, `${JSON.stringify({ experiment: hash(experiment), logits })}\n`)
  return logits
}

const factsOf = async (variant: string, experiment: ExperimentSpec, dir: string, options: Options): Promise<RunFacts> => {
  for (const { file, message } of await verifyRun(dir)) say(`! ${dir}/${file}: ${message}`)
  return orEnd(await readRun(variant, dir, await logitsOf(experiment, dir, options)))
}

const compared = async (options: Options): Promise<Comparison> => {
  const { seeds, only, out } = options
  const based: ExperimentSpec = options.base === undefined ? miniExperiment : { ...miniExperiment, weights: { kind: 'folder', path: options.base } }
  const variants = variantsOf(based).map((variant) =>
    options.tiny ? { ...variant, experiment: (seed: number) => tiny(variant.experiment(seed)) } : variant,
  )
  const report = progress({ terminal: processTerminal(), json: false })
  const runs: RunFacts[] = []
  for (const seed of seeds)
    for (const { name, about, experiment } of variants) {
      const [spec, dir] = [experiment(seed), join(out, `${name}-${seed}`)]
      if (!options.summaryOnly && (only.length === 0 || only.includes(name))) {
        say(`\n${name}, seed ${seed}: ${about}`)
        const before = orEnd(await finish(spec, dir, options, report))
        if (before === 'finished') say(`  finished before: ${dir}`)
      }
      if (orEnd(await stateOf(spec, dir)) === 'finished') runs.push(await factsOf(name, spec, dir, options))
    }
  return { seeds, variants, runs, caution: options.tiny ? 'Sizes that say nothing about quality.' : null }
}

const main = async (): Promise<void> => {
  const options = orEnd(
    readOptions(
      process.argv.slice(2),
      variantsOf(miniExperiment).map(({ name }) => name),
    ),
  )
  const page = join(options.docs, 'minicoin.md')
  const before = await readOr(page, emptyPage)
  orEnd(E.mapLeft((message: string) => `${page} ${message}`)(placed(before, '')))

  const comparison = await compared(options)
  if (comparison.runs.length === 0) return say(`Nothing is finished in ${options.out} yet.`)
  await written(join(options.docs, 'minicoin.json'), `${JSON.stringify(figuresJson(comparison), null, 1)}\n`)
  await written(page, orEnd(placed(await readOr(page, emptyPage), figuresMarkdown(comparison))))

  const runs = Object.fromEntries(comparison.variants.map(({ name }) => [name, comparison.runs.filter(({ variant }) => variant === name)]))
  say(`\nThe locator by task, percent:\n${table(locatorRows(runs))}`)
  say(`\n${table(targetRows(verdictsOf(comparison)))}`)
  for (const warning of mixed(comparison)) say(`! ${warning}`)
  const missed = verdictsOf(comparison).filter(({ verdict }) => verdict !== 'met')
  say(
    `\n${comparison.runs.length} runs; ${missed.length} of ${verdictsOf(comparison).length} targets missed or not measured. Everything is in ${page}.`,
  )
}

await main()
// Threads of a backend may still idle.
process.exit(0)
