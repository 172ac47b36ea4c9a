import * as t from 'io-ts'
import { type Report, done, phase } from '../progress.js'
import { type RunFolder, files } from './folder.js'

/** Tells of phases as they come and go, and counts their seconds. */
export interface Clock {
  readonly report: Report
  readonly now: () => number
  /** Seconds spent, per phase. */
  readonly seconds: Map<string, number>
  /** Called at the end of every phase. */
  readonly keep: () => Promise<void>
}

export const clockFor = (report: Report): Clock => ({ report, now: () => performance.now(), seconds: new Map(), keep: () => Promise.resolve() })

/** What the processes before this one have counted. */
const Seconds = t.readonly(t.type({ format: t.literal('cmoe/seconds/1'), seconds: t.readonly(t.record(t.string, t.number)) }))

/** The same clock, going on from what a run's folder says, and leaving there what it counts. */
export const clockOf = async (folder: RunFolder, clock: Clock): Promise<Clock> => {
  const { seconds } = clock
  const before = (await folder.has(files.seconds)) ? (await folder.readAs(files.seconds, Seconds)).seconds : {}
  for (const [name, spent] of Object.entries(before)) seconds.set(name, spent + (seconds.get(name) ?? 0))
  const kept = (): t.TypeOf<typeof Seconds> => ({ format: 'cmoe/seconds/1', seconds: Object.fromEntries(seconds) })
  return { ...clock, keep: () => folder.writeJson(files.seconds, kept()) }
}

/** Runs a piece of work as a phase: said at its beginning and end, its seconds counted. */
export const during = async <A>(
  { clock: { report, now, seconds, keep } }: { readonly clock: Clock },
  name: string,
  task: string | null,
  title: string,
  steps: number | null,
  work: () => Promise<A>,
): Promise<A> => {
  report(phase(name, task, title, steps))
  const start = now()
  const result = await work()
  const spent = (now() - start) / 1000
  seconds.set(name, (seconds.get(name) ?? 0) + spent)
  await keep()
  report(done(name, task, spent))
  return result
}
