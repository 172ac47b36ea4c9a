import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyRun } from '../../runtime/verify.js'

const lock = { format: 'cmoe/lock/1', versions: {}, backend: 'reference', seed: 0, files: {}, hash: '' }

const start = { version: 'a'.repeat(64), parents: [], task: null, plan: null, evidence: null, patch: null, weights: null }

/** The files of a folder whose lock and lineage are these, that are found to be wrong. */
const found = async (locked: unknown, lineage: unknown): Promise<readonly string[]> => {
  const dir = mkdtempSync(join(tmpdir(), 'cmoe-verify-'))
  writeFileSync(join(dir, 'lock.json'), JSON.stringify(locked))
  writeFileSync(join(dir, 'lineage.json'), JSON.stringify(lineage))
  return (await verifyRun(dir)).map(({ file }) => file)
}

const empty = { format: 'cmoe/lineage/1', versions: [] }

describe('a run whose own records were changed', () => {
  it.each([
    ['a lock that is none', null, empty, ['lock.json', 'lineage.json']],
    ['a lock with another key', { ...lock, files: undefined, filet: {} }, empty, ['lock.json', 'lineage.json']],
    ['a lock that its hash does not fit', lock, empty, ['lock.json', 'lineage.json']],
    ['a lineage that is none', lock, [], ['lock.json', 'lineage.json']],
    ['a step with another key', lock, { format: 'cmoe/lineage/1', versions: [{ ...start, parents: undefined }] }, ['lock.json', 'lineage.json']],
  ])('is told by name: %s', async (_what, locked, lineage, files) => {
    // What the run was begun with is nowhere, in all of them.
    expect(await found(locked, lineage)).toEqual([...files, 'inputs.json'])
  })
})

describe('what is told of a run', () => {
  const dir = (): string => mkdtempSync(join(tmpdir(), 'cmoe-verify-'))

  it('says that it is not finished, where that is all', async () => {
    const run = dir()
    writeFileSync(join(run, 'experiment.json'), '{}')
    expect((await verifyRun(run))[0]).toEqual({
      file: 'lock.json',
      message: `is not there yet: the run is not finished; go on with cmoe resume ${run}`,
    })
  })

  it('names each file once, and says one thing once', async () => {
    const run = dir()
    const gone = 'there is no such file or folder; check the name'
    expect(await verifyRun(run)).toEqual(['lock.json', 'lineage.json', 'inputs.json'].map((file) => ({ file, message: gone })))
    writeFileSync(join(run, 'lineage.json'), '{}')
    expect((await verifyRun(run)).slice(1, 3)).toEqual(
      ['format', 'versions'].map((key) => ({ file: 'lineage.json', message: `lacks '${key}' (missing-key)` })),
    )
  })
})
