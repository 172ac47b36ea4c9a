import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder } from '../../dsl/index.js'
import type { Progress } from '../../runtime/progress.js'
import { resume } from '../../runtime/run/index.js'
import { verifyRun } from '../../runtime/verify.js'
import { type Workplace, ran, workplace } from './experiments.js'

describe('a run that goes on', { timeout: 300_000 }, () => {
  let place: Workplace
  let dir = ''
  beforeAll(async () => {
    place = await workplace()
    dir = place.dir('killed')
    const killed = new Error('killed')
    const dies = (event: Progress) => {
      if (event.kind === 'phase' && event.phase === 'features') throw killed
    }
    const here = (name: string) => relative(process.cwd(), join(place.root, name))
    const experiment = place.experiment('fresh', { stream: folder(here('stream')), weights: { kind: 'folder', path: here('base') } })
    await ran(experiment, dir, dies).catch((error: unknown) => {
      if (error !== killed) throw error
    })
  }, 300_000)
  afterAll(() => rmSync(place.root, { recursive: true }))

  const resumed = async (backend?: string): Promise<string> => {
    const result = await resume({ dir, backend, threads: 1 }, () => undefined)
    return E.isLeft(result) ? result.left.join('\n') : 'went on'
  }

  /** What is said while a file is another. */
  const withFile = async (path: string, edit: (bytes: Uint8Array) => Uint8Array | string, say: () => Promise<string>): Promise<string> => {
    const before = readFileSync(path)
    writeFileSync(path, edit(before))
    try {
      return await say()
    } finally {
      writeFileSync(path, before)
    }
  }

  const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1)
  const respaced = (bytes: Uint8Array): string => JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), null, 3)
  const edited = (from: string, to: string) => (bytes: Uint8Array) => Buffer.from(bytes).toString().replace(from, to)

  const picture = (): string => {
    const images = join(place.root, 'stream', 'colour', 'images', 'test')
    return join(images, readdirSync(images)[0] ?? '')
  }

  it('refuses another experiment: one number of it', async () => {
    const told = await withFile(join(dir, 'experiment.json'), edited('"steps": ', '"steps": 1'), resumed)
    expect(told).toBe(
      `${dir}: experiment.json is not the experiment that this run began with; put it back as it was, or begin a new run: cmoe run ${dir}/experiment.json --out OTHER`,
    )
  })

  it('refuses another base, and says what of it is another', async () => {
    const weights = await withFile(join(place.root, 'base', 'model.safetensors'), flipped, resumed)
    expect(weights).toBe(
      `${join(place.root, 'base')}: the base is not the one that this run began with (other: weights); put it back as it was, or begin a new run`,
    )
    const preprocessor = join(place.root, 'base', 'preprocessor_config.json')
    expect(await withFile(preprocessor, edited('0.25', '0.26'), resumed)).toMatch(/\(other: model\)/)
    expect(await withFile(join(place.root, 'base', 'tokenizer.json'), respaced, resumed)).toMatch(/\(other: tokenizer\)/)
  })

  it('refuses another stream: a record, or the bytes of a picture behind the same name', async () => {
    const told = `${join(place.root, 'stream')}: records or pictures of the stream are not those that this run began with; put them back as they were, or begin a new run`
    expect(await withFile(join(place.root, 'stream', 'repeat', 'test.json'), edited('say', 'tell'), resumed)).toBe(told)
    expect(await withFile(picture(), flipped, resumed)).toBe(told)
  })

  it('refuses another backend, and names the flag that takes the old one', async () => {
    expect(await resumed('cpu')).toBe(`${dir}: was begun on wasm; on cpu it would end in other bits: go on with --backend wasm, or begin a new run`)
  })

  it('refuses other programs', async () => {
    const inputs = join(dir, 'inputs.json')
    expect(await withFile(inputs, edited('"kernels": "', '"kernels": "f'), resumed)).toMatch(
      /was made with kernels f\w{12}, not \w{12}, which may end in other bits/,
    )
    expect(await withFile(inputs, edited('"device": "wasm"', '"device": "wasm of old"'), resumed)).toMatch(/was computed on wasm of old, not on wasm/)
    expect(await withFile(inputs, () => '{}', resumed)).toMatch(/inputs\.json: does not hold what was written there/)
  })

  it('refuses to guess what it was begun with', async () => {
    const inputs = join(dir, 'inputs.json')
    renameSync(inputs, `${inputs}.aside`)
    expect(await resumed()).toBe(`${dir}: has no inputs.json, so nobody knows what it was begun with; begin a new run`)
    renameSync(`${inputs}.aside`, inputs)
  })

  it('takes the backend that it began on, from whatever folder, and is verified with its base and its stream', async () => {
    process.chdir(place.root)
    expect(await withFile(join(dir, 'inputs.json'), edited('"backend": "wasm"', '"backend": "cpu"'), resumed)).toMatch(
      /was computed on wasm, not on tfjs cpu/,
    )
    // What a file says counts, not how it is spaced.
    expect(await withFile(join(place.root, 'stream', 'repeat', 'test.json'), respaced, resumed)).toBe('went on')
    expect(await verifyRun(dir)).toEqual([])
    const found = async () => (await verifyRun(dir)).map(({ file, message }) => `${file}: ${message}`).join('\n')
    expect(await withFile(join(place.root, 'base', 'model.safetensors'), flipped, found)).toMatch(/^inputs\.json: .*other: weights/)
    expect(await withFile(picture(), flipped, found)).toMatch(/^inputs\.json: .*records or pictures/)
    rmSync(join(place.root, 'stream'), { recursive: true })
    expect(await verifyRun(dir)).toEqual([])
  })
})
