import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { nodeFiles } from '../../models/formats/files.js'
import { silent } from '../../runtime/progress.js'
import { type Clock, clockFor, clockOf, during } from '../../runtime/run/clock.js'
import { runFolder } from '../../runtime/run/folder.js'

const root = mkdtempSync(join(tmpdir(), 'clock-'))
afterAll(() => rmSync(root, { recursive: true }))

it('seconds of a run are those of all the processes that worked on it, phase by phase', async () => {
  const folder = runFolder(root, nodeFiles)
  let milliseconds = 0
  const fresh = (): Clock => ({ ...clockFor(silent), now: () => milliseconds })
  const spend = (clock: Clock, name: string, seconds: number) =>
    during({ clock }, name, null, '', null, () => {
      milliseconds += 1000 * seconds
      return Promise.resolve()
    })

  const first = fresh()
  // Before a run has begun nothing is written.
  await spend(first, 'inputs', 2)
  expect(existsSync(join(root, 'checkpoints'))).toBe(false)
  const begun = await clockOf(folder, first)
  await spend(begun, 'learn', 3)
  await spend(begun, 'learn', 4)
  await expect(during({ clock: begun }, 'answer', null, '', null, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed')

  const second = fresh()
  await spend(second, 'inputs', 1)
  const resumed = await clockOf(folder, second)
  await spend(resumed, 'answer', 5)
  expect(Object.fromEntries(resumed.seconds)).toEqual({ inputs: 3, learn: 7, answer: 5 })
  expect(Object.fromEntries((await clockOf(folder, fresh())).seconds)).toEqual({ inputs: 3, learn: 7, answer: 5 })
})
