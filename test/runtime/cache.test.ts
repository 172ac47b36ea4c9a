import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tensor } from '../../compiler/targets/device.js'
import { folderCache } from '../../runtime/files/cache.js'

const root = mkdtempSync(join(tmpdir(), 'cache-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = root
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'case-')), 'cache')
})

const tensor = (value: number): Tensor => ({ shape: [2, 100], data: new Float32Array(200).fill(value) })

/** A file with a tensor of 800 bytes and its header: three of them fit. */
const most = 3500

describe('a cache of tensors', () => {
  it('gives back what was put there, and nothing for another name', async () => {
    const cache = folderCache(folder, most)
    expect(await cache.get('a')).toBeUndefined()
    await cache.put('a', tensor(1))
    expect(await cache.get('a')).toEqual(tensor(1))
    expect(await cache.get('b')).toBeUndefined()
  })

  it('takes a file that is damaged, cut short or no file of tensors for one that is not there, and mends it', async () => {
    const cache = folderCache(folder, most)
    const path = join(folder, 'a.safetensors')
    await cache.put('a', tensor(1))
    const whole = readFileSync(path)
    const flipped = new Uint8Array(whole).with(whole.length - 2, (whole.at(-2) ?? 0) ^ 1)
    for (const bytes of [flipped, whole.subarray(0, 20), whole.subarray(0, whole.length - 8), Buffer.from('no tensors'), Buffer.from('')]) {
      writeFileSync(path, bytes)
      expect(await cache.get('a')).toBeUndefined()
      await cache.put('a', tensor(1))
      expect(await cache.get('a')).toEqual(tensor(1))
    }
  })

  it('keeps what was used last when it is full, and never what alone is too large', async () => {
    const cache = folderCache(folder, most)
    for (const [age, name] of ['c', 'b', 'a'].entries()) {
      await cache.put(name, tensor(age))
      const then = new Date(Date.now() - 10_000 * (age + 1))
      utimesSync(join(folder, `${name}.safetensors`), then, then)
    }
    expect(await cache.get('a')).toEqual(tensor(2))
    await cache.put('d', tensor(3))
    expect(readdirSync(folder).sort()).toEqual(['a.safetensors', 'c.safetensors', 'd.safetensors'])
    await cache.put('e', { shape: [1000], data: new Float32Array(1000) })
    expect(await cache.get('e')).toBeUndefined()
    expect(await cache.get('d')).toEqual(tensor(3))
  })

  it('keeps nothing where it cannot write, and says nothing of it', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    const cache = folderCache(folder, most)
    await cache.put('a', tensor(1))
    expect(await cache.get('a')).toBeUndefined()
  })
})
