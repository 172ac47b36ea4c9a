// How long the language takes, and what it keeps in memory, on a grown model of LLaVA-7B's shape: node --import tsx bench/specs.ts [--turns 30]
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { table } from '../cli/table.js'
import {
  type Checked,
  type Evidence,
  type ModelSpec,
  apply,
  check,
  clipVit,
  decide,
  decodeModel,
  diff,
  every,
  expansion,
  experts,
  grow,
  hash,
  hierarchy,
  invert,
  judge,
  llama,
  lora,
  merge,
  mlp,
  model,
  only,
  recommendedLocator,
  showDiagnostics,
  simplify,
} from '../dsl/index.js'
import { costOf } from '../compiler/cost.js'
import { bug } from '../compiler/invariant.js'
import { parameters } from '../compiler/plan/parameters.js'
import { weightPlan } from '../compiler/plan/weight-plan.js'
import { least, median } from './timing.js'

const { values } = parseArgs({ options: { turns: { type: 'string', default: '30' } } })
const turns = Math.max(1, Math.round(Number(values.turns)) || 1)

const right = <A>(result: Checked<A>): A => (result._tag === 'Left' ? bug(showDiagnostics(result.left)) : result.right)

/** LLaVA-1.5 7B with a site at every up-projection and no expert yet. */
const base: ModelSpec = model('llava-7b', {
  vision: clipVit({ image: 336, patch: 14, width: 1024, layers: 24, heads: 16 }),
  connector: mlp(),
  decoder: llama({ vocab: 32_000, width: 4096, layers: 32, heads: 32, ffn: 11_008 }),
  experts: experts({ at: every('ffn.up'), count: 1, lora: lora({ rank: 8 }) }),
  routing: hierarchy({ tasks: recommendedLocator }),
})

const evidenceOf = (task: string): Evidence => ({ format: 'cmoe/evidence/1', task, policy: 'by-name', samples: 0, sites: [], total: null })

/** What a task adds: an expert at 21 sites, another 21 for each task, and routers at all 32. */
const planFor = (spec: ModelSpec, n: number) => {
  const sites = Array.from({ length: 21 }, (_, i) => `decoder.${(i + 4 * n) % 32}.ffn.up` as const)
  return right(decide(expansion('by-name', { criterion: only(...sites) }), evidenceOf(`task-${n}`))(spec))
}

/** The base and the versions that eight tasks make of it, each grown from the one before. */
const lineOf = (): readonly ModelSpec[] => {
  const line: ModelSpec[] = [base]
  for (let n = 0; n < 8; n++) {
    const last = line[n] ?? base
    line.push(right(grow(planFor(last, n))(last)))
  }
  return line
}

const versions = lineOf()
const [seventh, eighth] = [versions[7] ?? base, versions[8] ?? base]
const plan = planFor(seventh, 7)
const [last, all] = [diff(seventh, eighth), diff(base, eighth)]
const text = JSON.stringify(eighth)
/** As read from a file: no part is shared with another version. */
const [old, next] = [structuredClone(seventh), structuredClone(eighth)]
const other = right(grow({ ...plan, task: 'other', experts: [], routers: [] })(seventh))

const works: readonly (readonly [string, () => unknown])[] = [
  ['hash', () => hash(eighth)],
  ['diff of one growth', () => diff(seventh, eighth)],
  ['diff of two files', () => diff(old, next)],
  ['diff of eight growths', () => diff(base, eighth)],
  ['judge one growth', () => right(judge(last)(seventh))],
  ['apply one growth', () => right(apply(last)(seventh))],
  ['apply eight growths', () => right(apply(all)(base))],
  ['undo one growth', () => right(apply(invert(last))(eighth))],
  ['weight plan of one growth', () => right(weightPlan(last)(seventh))],
  ['weight plan of eight growths', () => right(weightPlan(all)(base))],
  ['simplify eight growths', () => simplify(all)],
  ['merge two growths', () => right(merge(seventh)(eighth, other))],
  ['grow', () => right(grow(plan)(seventh))],
  ['read', () => right(decodeModel(JSON.parse(text)))],
  ['check', () => check(eighth)],
  ['plan', () => parameters(eighth)],
  ['cost of all tasks', () => costOf(eighth, 64)],
]

/** Milliseconds of this process alone: what others do on the machine does not count. */
const spent = (work: () => unknown): number => {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** The first turns compile. */
const times = works.map(([, work]) => Array.from({ length: turns + 10 }, () => spent(work)).slice(10))

setFlagsFromString('--expose_gc')
const collect: () => void = runInNewContext('gc')

/** So many at once, so that what the engine itself takes or gives back does not count. */
const copies = 50

/** Kilobytes of heap that what is made keeps: what it shares with another value is not counted. */
const kept = (make: () => unknown): number => {
  make()
  collect()
  const before = process.memoryUsage().heapUsed
  const made = Array.from({ length: copies }, make)
  collect()
  return (process.memoryUsage().heapUsed - before) / 1024 / made.length
}

const memory: readonly (readonly [string, () => unknown])[] = [
  ['a version, as read from a file', () => right(decodeModel(JSON.parse(text)))],
  ['eight versions, each grown from the one before', lineOf],
  ['the weight plan of one growth', () => right(weightPlan(last)(seventh))],
]

const count = (spec: ModelSpec): number => spec.sites.reduce((sum, site) => sum + site.experts.length, 0)
const milliseconds = (value: number): string => value.toFixed(2)

console.log(
  [
    `${eighth.sites.length} sites, ${eighth.tasks.length} tasks, ${count(eighth)} experts, ${text.length} characters; load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
    table([
      ['ms of CPU time', 'median', 'best'],
      ...works.map(([name], i) => [name, milliseconds(median(times[i] ?? [])), milliseconds(least(times[i] ?? []))]),
    ]),
    '',
    table([['kB of heap', 'kept'], ...memory.map(([name, make]) => [name, kept(make).toFixed(0)])]),
    `\nmost that this process has held, code and all: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
  ].join('\n'),
)
