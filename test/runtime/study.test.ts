import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Expansion, type StudySpec, edits, expand, oneFactor, showDiagnostics, study } from '../../dsl/index.js'
import type { Metrics } from '../../runtime/metrics.js'
import { type Report, silent } from '../../runtime/progress.js'
import type { Comparison } from '../../runtime/study/compare.js'
import { entriesOf, fileNameOf } from '../../runtime/study/entries.js'
import { runStudy } from '../../runtime/study/run.js'
import { type Workplace, timeless, where, workplace } from './experiments.js'

const killed = new Error('killed')

const expanded = (of: StudySpec): Expansion => {
  const found = expand()(of)
  if (E.isLeft(found)) throw new Error(showDiagnostics(found.left))
  return found.right
}

describe('a study', { timeout: 600_000 }, () => {
  let place: Workplace
  let spec: StudySpec
  beforeAll(async () => {
    place = await workplace()
    const base = place.experiment('fresh', { baselines: [] })
    spec = study('small', { base: { ...base, training: { ...base.training, steps: 25 } }, design: oneFactor(edits.probes(2), edits.locatorOff) })
  })
  afterAll(() => rmSync(place.root, { recursive: true }))

  const ran = async (dir: string, seeds: readonly number[], report: Report = silent, of = spec): Promise<Comparison> => {
    const result = await runStudy({ study: of, expansion: expanded(of), seeds, dir, ...where }, report)
    if (E.isLeft(result)) throw new Error(result.left.join('\n'))
    return result.right
  }

  const metricsOf = (dir: string, label: string, seed: number): Metrics => {
    const entry = entriesOf(expanded(spec)).find((each) => each.label === label)
    if (entry === undefined) throw new Error(`there is no variant ${label}`)
    return timeless(JSON.parse(readFileSync(join(dir, `${fileNameOf(entry)}-seed-${seed}`, 'metrics.json'), 'utf8')) as Metrics)
  }

  it('goes on where it was killed, to the same figures; leaves alone what is finished; and takes more seeds', async () => {
    const [whole, broken] = [place.dir('whole'), place.dir('broken')]
    const compared = await ran(whole, [0])
    expect(compared.variants.map(({ label, runs }) => [label, runs])).toEqual([
      ['base', 1],
      ['probes = 2', 1],
      ['locator off', 1],
    ])
    expect(compared.variants[2]?.figures['locator']?.spread).toBeNull()

    // Dies in the midst of the second run's learning.
    let begun = 0
    const dying: Report = (event) => {
      if (event.kind === 'note' && event.text.includes(' of 3: ')) begun += 1
      if (begun === 2 && event.kind === 'phase' && event.phase === 'learn' && event.task === 'repeat') throw killed
    }
    await expect(ran(broken, [0], dying)).rejects.toBe(killed)
    expect(JSON.parse(readFileSync(join(broken, 'comparison.json'), 'utf8'))).toMatchObject({ variants: [{ runs: 1 }, { runs: 0 }, { runs: 0 }] })

    expect(await ran(broken, [0])).toEqual(compared)
    for (const label of ['base', 'probes = 2', 'locator off']) expect(metricsOf(broken, label, 0)).toEqual(metricsOf(whole, label, 0))

    const before = new Map(readdirSync(broken).map((name) => [name, statSync(join(broken, name)).mtimeMs]))
    const phases: string[] = []
    const again = await ran(broken, [0], (event) => void (event.kind === 'phase' && phases.push(event.phase)))
    expect(again).toEqual(compared)
    expect(phases).toEqual([])
    for (const name of readdirSync(broken).filter((each) => each.includes('-seed-')))
      expect(statSync(join(broken, name)).mtimeMs).toBe(before.get(name))

    const both = await ran(broken, [0, 1])
    expect(both.variants.map(({ runs }) => runs)).toEqual([2, 2, 2])
    expect(both.variants[1]?.figures['last']?.values[0]).toBe(compared.variants[1]?.figures['last']?.values[0])
    expect(readFileSync(join(broken, 'comparison.md'), 'utf8')).toContain('Seeds 0, 1')
  })

  it('refuses a folder that holds another', async () => {
    const dir = place.dir('another')
    const dying: Report = () => {
      throw killed
    }
    await expect(ran(dir, [0], dying)).rejects.toBe(killed)
    const other = study('small', { base: spec.base, design: oneFactor(edits.probes(3)) })
    await expect(ran(dir, [0], silent, other)).rejects.toThrow('holds another study')
  })
})
