import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { type ExperimentSpec, folder } from '../../dsl/index.js'
import { miniExperiment } from '../../models/index.js'
import { stateOf } from '../../runtime/run/finish.js'

const held = (experiment: ExperimentSpec, more: readonly string[] = []): string => {
  const dir = mkdtempSync(join(tmpdir(), 'cmoe-state-'))
  writeFileSync(join(dir, 'experiment.json'), JSON.stringify(experiment))
  for (const name of more) writeFileSync(join(dir, name), '{}')
  return dir
}

it('says how far a run has come', async () => {
  expect(await stateOf(miniExperiment, mkdtempSync(join(tmpdir(), 'cmoe-state-')))).toEqual(E.right('new'))
  expect(await stateOf(miniExperiment, held(miniExperiment))).toEqual(E.right('unfinished'))
  expect(await stateOf(miniExperiment, held(miniExperiment, ['lock.json']))).toEqual(E.right('finished'))
})

it('knows an experiment whose folders are named from here, though its run names them whole', async () => {
  const asked = { ...miniExperiment, stream: folder('tasks') }
  expect(await stateOf(asked, held({ ...asked, stream: folder(resolve('tasks')) }))).toEqual(E.right('unfinished'))
})

it('refuses a folder of another experiment', async () => {
  expect(await stateOf({ ...miniExperiment, seed: 1 }, held(miniExperiment))).toEqual(E.left([expect.stringContaining('another experiment')]))
})
