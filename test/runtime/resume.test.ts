import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Progress, type Report, silent } from '../../runtime/progress.js'
import { type Finished, resume } from '../../runtime/run/index.js'
import { verifyRun } from '../../runtime/verify.js'
import { type Workplace, finished, ran, timeless, where, workplace } from './experiments.js'

const killed = new Error('killed')

/** Dies at an event; what a killed process leaves on the disk is then there, and nothing else. */
const dyingAt = (dies: (event: Progress, count: number) => boolean): Report => {
  let count = 0
  return (event) => {
    count += 1
    if (dies(event, count)) throw killed
  }
}

/** Dies at the n-th step of a phase of a task, or at its beginning (0). */
const inPhase = (phase: string, task: string | null, n: number): Report => {
  let within = false
  return dyingAt((event) => {
    if (event.kind === 'phase') within = event.phase === phase && event.task === task
    return within && (n === 0 || (event.kind === 'step' && event.done >= n))
  })
}

type Death = readonly [when: string, phase: string, task: string, step: number]

const deaths: readonly Death[] = [
  ['while the first pictures are looked at', 'features', 'colour', 0],
  ['while the first task is probed', 'probe', 'colour', 7],
  ['while the second task is measured', 'measure', 'repeat', 2],
  ['when the first task begins to learn', 'learn', 'colour', 0],
  ['in the midst of learning, behind a checkpoint', 'learn', 'repeat', 43],
  ['while a locator is fitted', 'locate', 'other', 9],
  ['while answers are given', 'answer', 'repeat', 5],
  ['in the midst of a baseline', 'baseline', 'repeat', 45],
]

/** Copies of probes must outlive the probes: two places tell. */
const copied = deaths.filter(([, phase]) => phase === 'learn')

describe.each([
  ['fresh', deaths],
  ['copies', copied],
] as const)('a run that grows by the policy "%s" and is killed', { timeout: 300_000 }, (policy, places) => {
  let place: Workplace
  let whole: Finished
  let events = 0
  beforeAll(async () => {
    place = await workplace()
    whole = await ran(place.experiment(policy, { baselines: ['sequential-lora'] }), place.dir('whole'), () => void (events += 1))
  }, 300_000)
  afterAll(() => rmSync(place.root, { recursive: true }))

  const resumed = async (dir: string, report: Report = silent): Promise<Finished> => finished(await resume({ dir, ...where }, report))

  const lockOf = (dir: string): string => readFileSync(join(dir, 'lock.json'), 'utf8')

  const expectWhole = async (dir: string, end: Finished): Promise<void> => {
    expect(end.hashes).toEqual(whole.hashes)
    expect(timeless(end.metrics)).toEqual(timeless(whole.metrics))
    expect(lockOf(dir)).toBe(lockOf(place.dir('whole')))
    expect(await verifyRun(dir)).toEqual([])
    expect(existsSync(join(dir, 'checkpoints'))).toBe(false)
  }

  it.each(places)('%s ends as if it had never been', async (title, phase, task, n) => {
    const dir = place.dir(title)
    await expect(ran(place.experiment(policy, { baselines: ['sequential-lora'] }), dir, inPhase(phase, task, n))).rejects.toThrow(killed)
    expect(existsSync(join(dir, 'lock.json'))).toBe(false)
    await expectWhole(dir, await resumed(dir))
  })

  it('again and again ends as if it had never been', async () => {
    const dir = place.dir('often')
    const part = Math.floor(events / 4)
    const live = (life: number): Promise<Finished | undefined> => {
      const report = dyingAt((_, count) => count === part + 13 * life)
      const lived = life === 0 ? ran(place.experiment(policy, { baselines: ['sequential-lora'] }), dir, report) : resumed(dir, report)
      return lived.catch((error: unknown) => {
        if (error !== killed) throw error
        return undefined
      })
    }
    const ends: (Finished | undefined)[] = []
    while (ends.at(-1) === undefined && ends.length < 30) ends.push(await live(ends.length))
    expect(ends.length).toBeGreaterThan(2)
    const [end] = ends.slice(-1)
    if (end === undefined) throw new Error('it came to no end')
    await expectWhole(dir, end)
  })

  it('may be gone on with when it is finished, and is the same', async () => {
    const dir = place.dir('whole')
    const before = lockOf(dir)
    const end = await resumed(dir)
    expect(timeless(end.metrics)).toEqual(timeless(whole.metrics))
    expect(lockOf(dir)).toBe(before)
    expect(await verifyRun(dir)).toEqual([])
  })
})
