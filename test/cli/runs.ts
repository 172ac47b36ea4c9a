import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Archive, expansion, experiment, miniCoin, only } from '../../dsl/index.js'
import type { Metrics } from '../../runtime/metrics.js'
import { mini } from '../dsl/harness.js'
import { metrics as figures } from '../runtime/report-fixture.js'

const study = experiment({ name: 'study', model: mini, policy: expansion('by-name', { criterion: only('decoder.2.ffn.up') }), stream: miniCoin() })

const metrics: Metrics = {
  ...figures,
  tasks: ['vqa', 'caption'],
  matrix: [
    [80, null],
    [70, 50],
  ],
}

/** A folder that holds a run, as far as its lineage goes; one that is not finished has no figures yet. */
export const runOf = ({ lineage, versions, patches, plans, evidence }: Archive, finished: boolean): string => {
  const dir = mkdtempSync(join(tmpdir(), 'cmoe-lineage-'))
  const write = (name: string, value: unknown): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), JSON.stringify(value))
  }
  write('experiment.json', study)
  if (lineage.versions.length > 1) write('lineage.json', lineage)
  for (const [version, model] of Object.entries(versions)) write(`versions/${version}.json`, model)
  for (const [name, value] of Object.entries({ ...patches, ...plans, ...evidence })) write(name, value)
  if (finished) write('metrics.json', metrics)
  if (finished) write('lock.json', {})
  return dir
}
