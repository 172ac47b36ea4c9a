import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../models/formats/files.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import { runFolder } from '../../runtime/run/folder.js'
import { lockRunFiles } from '../../runtime/run/lock-file.js'
import { verifyRun } from '../../runtime/verify.js'
import { type Workplace, ran, workplace } from './experiments.js'

describe('a run of which something was changed', { timeout: 300_000 }, () => {
  let place: Workplace
  let all: readonly string[]
  beforeAll(async () => {
    place = await workplace()
    await ran(place.experiment('fresh', { baselines: ['sequential-lora'] }), place.dir('run'))
    all = readdirSync(place.dir('run'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
  }, 300_000)
  afterAll(() => rmSync(place.root, { recursive: true }))

  /** A file of that kind: the last one, which most others come before. */
  const one = (kind: string): string =>
    all
      .filter((name) => name.startsWith(kind))
      .sort()
      .at(-1) ?? ''

  let copies = 0
  const copy = (): string => {
    const dir = place.dir(`copy-${(copies += 1)}`)
    cpSync(place.dir('run'), dir, { recursive: true })
    return dir
  }
  const wrong = async (dir: string): Promise<readonly string[]> => (await verifyRun(dir)).map(({ file }) => file)

  /** Flips the last bit of one byte; where, is said of the bytes read as Latin 1. */
  const flip = (path: string, where: (text: string) => number): void => {
    const bytes = readFileSync(path)
    const at = where(bytes.toString('latin1'))
    writeFileSync(path, bytes.with(at, (bytes[at] ?? 0) ^ 1))
  }
  const share =
    (of: number) =>
    (text: string): number =>
      Math.floor(of * (text.length - 1))

  it('is told from one that was not', async () => expect(await verifyRun(copy())).toEqual([]))

  it.each([
    'experiment.json',
    'inputs.json',
    'lineage.json',
    'lock.json',
    'versions/',
    'patches/',
    'evidence/',
    'plans/',
    'weights/other',
    'weights/baselines/',
    'predictions/oracle/',
    'predictions/other/',
    'predictions/baselines/',
  ])('is found out by one bit of a file, which is named: %s', async (kind) => {
    const name = one(kind)
    expect(name).not.toBe('')
    for (const at of [0, 0.47, 1]) {
      const dir = copy()
      flip(join(dir, name), share(at))
      expect(await wrong(dir)).toContain(name)
    }
  })

  it('is found out by one bit that leaves a version which is a model, but no good one', async () => {
    const [name, dir] = [one('versions/'), copy()]
    flip(join(dir, name), (text) => text.indexOf('decoder.') + 'decode'.length)
    const findings = await verifyRun(dir)
    expect(findings.filter(({ file }) => file === name).map(({ message }) => message)).toContainEqual(expect.stringContaining("'decodes."))
  })

  it('is found out by one bit of its metrics, but for the seconds, which no two runs share', async () => {
    const changed = (what: RegExp): Promise<readonly string[]> => {
      const dir = copy()
      flip(join(dir, 'metrics.json'), (text) => text.search(what))
      return wrong(dir)
    }
    for (const what of [/matrix/, /(?<="last": )[0-9]/, /(?<="parameters": )\{/, /(?<="seconds": )\{/])
      expect(await changed(what)).toEqual(['metrics.json'])
    expect(await changed(/(?<="seconds": \{\s+"[^"]+": [0-9.]*)[2-8]/)).toEqual([])
  })

  it.each(['versions/', 'weights/', 'predictions/', 'plans/', 'lock.json', 'lineage.json'])(
    'is found out by a file that is gone: %s',
    async (kind) => {
      const dir = copy()
      rmSync(join(dir, one(kind)))
      expect(await wrong(dir)).toContain(one(kind))
    },
  )

  it('is found out by its lock, where that says something else', async () => {
    const dir = copy()
    const path = join(dir, 'lock.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed": 0', '"seed": 7'))
    expect(await wrong(dir)).toEqual(['lock.json'])
  })

  /** Writes a lock over what lies there now, as a forger would. */
  const locked = async (dir: string): Promise<void> => {
    const folder = runFolder(dir, nodeFiles)
    const lock = await lockRunFiles(folder, { versions: {}, backend: 'wasm', seed: 0 })
    await folder.writeJson('lock.json', lock)
  }

  it('is found out by its lineage where the lock was written anew', async () => {
    const untouched = copy()
    await locked(untouched)
    expect(await wrong(untouched)).toEqual([])

    // The last bytes of a weights file are those of a tensor.
    const weights = copy()
    flip(join(weights, 'weights/colour.safetensors'), share(1))
    await locked(weights)
    expect(await wrong(weights)).toEqual(['weights/colour.safetensors'])

    const evidence = copy()
    const text = readFileSync(join(evidence, 'evidence/repeat.json'), 'utf8')
    writeFileSync(join(evidence, 'evidence/repeat.json'), text.replace(/"gain": /, '"gain": 1'))
    await locked(evidence)
    expect(await wrong(evidence)).toEqual(['plans/repeat.json'])

    const patch = copy()
    cpSync(join(patch, 'patches/colour.json'), join(patch, 'patches/other.json'))
    await locked(patch)
    expect(await wrong(patch)).toEqual(['patches/other.json'])
  })

  it('is found out where a later task brings a tensor of an earlier one', async () => {
    const dir = copy()
    const read = async (task: string) => {
      const found = await readSafetensors()(join(dir, `weights/${task}.safetensors`))
      if (E.isLeft(found)) throw new Error(found.left.message)
      return found.right
    }
    const [earlier, later] = [await read('colour'), await read('other')]
    await writeSafetensors()(join(dir, 'weights/other.safetensors'), { ...later.tensors, ...earlier.tensors }, { metadata: later.metadata })
    await locked(dir)
    expect(await wrong(dir)).toEqual(['weights/other.safetensors'])
  })
})
