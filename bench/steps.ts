// Where a run's time goes on the default backend: npm run bench -- [--write] [--turns 9]
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { table } from '../cli/table.js'
import { compile } from '../compiler/compile.js'
import { prune } from '../compiler/passes/prune.js'
import { share } from '../compiler/passes/share.js'
import { type WasmDevice, wasmDevice } from '../compiler/targets/wasm/device.js'
import { byKernel } from '../compiler/targets/wasm/profile.js'
import { answering, longer } from './answering.js'
import { type TaskBatches, taskBatches } from './mini-batches.js'
import { type Work, furnish, named, works } from './mini-works.js'
import { race, raceRows } from './tfjs-race.js'
import { inTurns, least, median, ratio } from './timing.js'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false }, turns: { type: 'string', default: '9' } } })
const turns = Math.max(1, Math.round(Number(values.turns)) || 1)
const threads = [1, 2] as const

/** Milliseconds by number of threads. */
interface Timed {
  readonly name: string
  readonly median: readonly number[]
  readonly best: readonly number[]
}

/** Milliseconds by turn, for each number of threads. */
type Turns = readonly (readonly number[])[]

const timed = (name: string, turns: Turns): Timed => ({ name, median: turns.map(median), best: turns.map(least) })

/** Every work on every device, all in the same turns; a work's time is the mean over its parts. */
const timedWorks = async (devices: readonly WasmDevice[], all: readonly Work[]): Promise<ReadonlyMap<string, Turns>> => {
  const jobs = all.flatMap(({ parts }) =>
    devices.map((device) => {
      const made = parts.map(({ program, inputs }) => ({ executable: compile(device)(program), inputs }))
      return async () => {
        for (const { executable, inputs } of made) await executable.run(inputs)
      }
    }),
  )
  const times = await inTurns(jobs, turns)
  return new Map(
    all.map(({ name, parts }, i) => [name, devices.map((_, d) => (times[i * devices.length + d] ?? []).map((time) => time / parts.length))]),
  )
}

/** Answering: what a batch of 32 takes until its first token, and what every further token adds. */
const timedAnswers = async (devices: readonly WasmDevice[], batches: readonly TaskBatches[]): Promise<readonly Timed[]> => {
  const answers = devices.map((device) => answering(device, batches))
  const jobs = [1, 1 + longer].flatMap((tokens) => answers.map((answer) => () => answer(tokens)))
  const times = (await inTurns(jobs, turns)).map((each) => each.map((time) => time / batches.length))
  const first = timed('answering 32 prompts: until the first token', times.slice(0, devices.length))
  const long = timed('', times.slice(devices.length))
  const further = (of: 'median' | 'best'): readonly number[] => long[of].map((time, d) => (time - (first[of][d] ?? Number.NaN)) / longer)
  return [first, { name: 'answering 32 prompts: every further token', median: further('median'), best: further('best') }]
}

interface KernelTime {
  readonly kernel: string
  readonly milliseconds: number
  /** Percent of the work. */
  readonly share: number
}

/** Profiles of each part; one alone would show what else the machine was doing. */
const profiles = 3

/** Where the time of a work goes, by kernel: the median of some profiles, the mean over its parts. */
const kernelsOf = async (device: WasmDevice, { parts }: Work): Promise<readonly KernelTime[]> => {
  const sums = new Map<string, number>()
  for (const { program, inputs } of parts) {
    const own = new Map<string, number[]>()
    for (let i = 0; i < profiles; i++)
      for (const { kernel, milliseconds } of byKernel(await device.profile(prune(share(program)), inputs)))
        own.set(kernel, [...(own.get(kernel) ?? []), milliseconds])
    for (const [kernel, times] of own) sums.set(kernel, (sums.get(kernel) ?? 0) + median(times) / parts.length)
  }
  const whole = [...sums.values()].reduce((a, b) => a + b, 0)
  return [...sums]
    .map(([kernel, milliseconds]) => ({ kernel, milliseconds, share: (100 * milliseconds) / whole }))
    .sort((a, b) => b.milliseconds - a.milliseconds)
}

const say = (text: string): void => void process.stdout.write(`${text}\n\n`)

const main = async (): Promise<void> => {
  const [load = Number.NaN] = loadavg()
  say(`The machine's load before it begins is ${load.toFixed(1)}: on a busy one, look at the best turns.`)
  const batches = await taskBatches()
  const devices = await Promise.all(threads.map((count) => wasmDevice({ threads: count })))
  for (const device of devices) await furnish(device)
  const all = works(batches)
  const turnsOf = await timedWorks(devices, all)
  const rows = [...[...turnsOf].map(([name, times]) => timed(name, times)), ...(await timedAnswers(devices, batches))]
  say(
    table([
      ['milliseconds, median / best turn', ...threads.map((count) => `${count} thread${count > 1 ? 's' : ''}`)],
      ...rows.map(({ name, median, best }) => [name, ...median.map((each, d) => `${each.toFixed(2)} / ${(best[d] ?? Number.NaN).toFixed(2)}`)]),
    ]),
  )
  const cost = threads.map((_, device) => {
    const [eight, none] = [named.eight, named.without].map((name) => turnsOf.get(name)?.[device] ?? [])
    return { median: ratio(eight ?? [], none ?? []), best: least(eight ?? []) / least(none ?? []) }
  })
  const costs = cost.map((of, i) => `${of.median.toFixed(2)} / ${of.best.toFixed(2)} times (threads: ${threads[i]})`)
  say(`8 experts at every ffn.up against none, median / best: ${costs.join(', ')}`)

  const [device] = devices.slice(-1)
  const profiled = all.find(({ name }) => name === named.lastTask)
  const kernels = device === undefined || profiled === undefined ? [] : await kernelsOf(device, profiled)
  say(
    table([
      [`${named.lastTask} (${device?.name ?? ''})`, 'ms', 'percent'],
      ...kernels.slice(0, 12).map(({ kernel, milliseconds, share }) => [kernel, milliseconds.toFixed(2), share.toFixed(1)]),
    ]),
  )
  for (const each of devices) await each.dispose()

  const raced = await race(turns)
  say(table(raceRows(raced)))
  if (!values.write) return
  const result = {
    format: 'cmoe/bench/1',
    machine: { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version, load },
    turns,
    threads,
    works: rows,
    eightExpertsAgainstNone: cost,
    kernels,
    contenders: raced.map(({ name, milliseconds, times }) => ({ name, milliseconds, times })),
  }
  await writeFile('docs/bench.json', `${JSON.stringify(result, null, 1)}\n`)
  say('written: docs/bench.json')
}

await main()
process.exit(0)
