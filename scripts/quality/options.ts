import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

/** What `npm run quality` was asked for. */
export interface Options {
  readonly seeds: readonly number[]
  /** Names of the variants to run; all where it is empty. */
  readonly only: readonly string[]
  readonly out: string
  /** Where minicoin.json and minicoin.md are. */
  readonly docs: string
  readonly base: string | undefined
  readonly backend: string | undefined
  readonly threads: number | undefined
  readonly tiny: boolean
  /** Runs nothing: sums up what is finished. */
  readonly summaryOnly: boolean
}

export const usage = `npm run quality -- [options]

Runs what the figures of docs/minicoin.md rest on, goes on where it was stopped, and checks the targets.

  --seeds 0,1,2     seeds to run
  --only NAME       run this variant only (may be given several times): recommended, paper, everywhere, plain
  --out DIR         where the run folders lie (runs/quality)
  --docs DIR        where minicoin.json and minicoin.md are written (docs)
  --base DIR        a model folder in place of the shipped base
  --backend NAME    compute on this backend
  --threads N       with so many threads
  --summary-only    run nothing, sum up what is finished
  --tiny            sizes that say nothing about quality: does it all work? (writes into --out, not into docs)`

const flags = {
  seeds: { type: 'string', default: '0,1,2' },
  only: { type: 'string', multiple: true },
  out: { type: 'string', default: 'runs/quality' },
  docs: { type: 'string' },
  base: { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  tiny: { type: 'boolean', default: false },
  'summary-only': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const isWhole = (text: string): boolean => /^\d+$/.test(text)

/** The arguments as options; a message where they make no sense, the usage where it was asked for. */
export const readOptions = (args: readonly string[], variants: readonly string[]): E.Either<string, Options> => {
  const read = E.tryCatch(
    () => parseArgs({ args: [...args], options: flags }).values,
    (error) => (error instanceof Error ? error.message : String(error)),
  )
  if (E.isLeft(read)) return read
  const { seeds, only = [], out, docs, base, backend, threads, tiny, help } = read.right
  if (help) return E.left(usage)
  const listed = seeds.split(',')
  if (!listed.every(isWhole)) return E.left(`--seeds ${seeds}: wants whole numbers with commas between them, as 0,1,2`)
  if (threads !== undefined && !isWhole(threads)) return E.left(`--threads ${threads}: wants a whole number`)
  const unknown = only.find((name) => !variants.includes(name))
  if (unknown !== undefined) return E.left(`--only ${unknown}: there is no such variant; there are ${variants.join(', ')}`)
  return E.right({
    seeds: [...new Set(listed.map(Number))],
    only,
    out,
    docs: docs ?? (tiny ? out : 'docs'),
    base,
    backend,
    threads: threads === undefined ? undefined : Number(threads),
    tiny,
    summaryOnly: read.right['summary-only'],
  })
}
