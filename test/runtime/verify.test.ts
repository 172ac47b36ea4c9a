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
