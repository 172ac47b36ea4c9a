import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { writeAtomically } from '../../models/formats/atomic.js'
import { type FileError, type Files, nodeFiles } from '../../models/formats/files.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import { readJson, writeJson } from '../../models/formats/json-file.js'
import { lockName, lockRun } from '../../runtime/files/lock.js'
import { nodeProcesses } from '../../runtime/files/processes.js'

const root = mkdtempSync(join(tmpdir(), 'files-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = root
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
})

const systemError = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code })

/** A disk with so many bytes left. Every file is written in small pieces, as a real one may be. */
const diskWith = (bytes: number): Files => {
  let left = bytes
  return {
    ...nodeFiles,
    open: async (path, flags) => {
      const file = await nodeFiles.open(path, flags)
      return {
        read: (...read) => file.read(...read),
        stat: () => file.stat(),
        sync: () => file.sync(),
        close: () => file.close(),
        write: async (buffer, offset, length) => {
          const part = Math.min(length, 7, left)
          if (part === 0) throw systemError('ENOSPC')
          left -= part
          return file.write(buffer, offset, part)
        },
      }
    },
  }
}

const failing = (step: keyof Files, code: string): Files => ({ ...nodeFiles, [step]: () => Promise.reject(systemError(code)) })

const messageOf = (result: E.Either<FileError, unknown>): string => (E.isLeft(result) ? result.left.message : 'no error')

describe('a file written atomically', () => {
  it('is whole, however small the pieces in which the disk takes it', async () => {
    const path = join(folder, 'a.json')
    expect(await writeJson(diskWith(1000))(path, { a: [1, 2, 3] })).toEqual(E.right(undefined))
    expect(await readJson()(path)).toEqual(E.right({ a: [1, 2, 3] }))
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  it('is no device: that is left where it is, and refused', async () => {
    symlinkSync('/dev/null', join(folder, 'device.json'))
    const written = await writeJson()(join(folder, 'device.json'), 1)
    expect([messageOf(written), readlinkSync(join(folder, 'device.json'))]).toEqual([
      'this is a device or a pipe, a file is wanted; choose another name',
      '/dev/null',
    ])
    expect(readdirSync(folder)).toEqual(['device.json'])
  })

  it('follows a link to the file that it leads to', async () => {
    mkdirSync(join(folder, 'kept'))
    writeFileSync(join(folder, 'kept', 'a.json'), '0')
    symlinkSync(join(folder, 'kept', 'a.json'), join(folder, 'b.json'))
    expect(await writeJson()(join(folder, 'b.json'), 1)).toEqual(E.right(undefined))
    expect([readFileSync(join(folder, 'kept', 'a.json'), 'utf8'), readlinkSync(join(folder, 'b.json'))]).toEqual([
      '1\n',
      join(folder, 'kept', 'a.json'),
    ])
  })

  it('keeps its old content when the disk is full, and leaves nothing half-written', async () => {
    const path = join(folder, 'a.json')
    await writeJson()(path, 'old')
    const written = await writeJson(diskWith(20))(path, 'new'.repeat(100))
    expect(written).toEqual(E.left({ path, message: 'no space left on the disk; free some and run again, nothing half-written was kept' }))
    expect(readFileSync(path, 'utf8')).toBe('"old"\n')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  it.each<readonly [keyof Files, string, string]>([
    ['open', 'EACCES', 'permission denied'],
    ['open', 'ENOSPC', 'no space left'],
    ['rename', 'EACCES', 'permission denied'],
    ['rename', 'EROFS', 'read-only'],
  ])('says what is wrong when %s fails with %s', async (step, code, message) => {
    const written = await writeSafetensors(failing(step, code))(join(folder, 'a.safetensors'), { a: { shape: [1], data: Float32Array.of(1) } })
    expect(messageOf(written)).toContain(message)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is removed when what writes it fails half-way, and the failure goes on', async () => {
    function* broken(): Generator<Uint8Array> {
      yield Buffer.from('half')
      throw new RangeError('a bug')
    }
    await expect(writeAtomically()(join(folder, 'a'), broken())).rejects.toThrow('a bug')
    expect(readdirSync(folder)).toEqual([])
  })

  it('needs its folder', async () => {
    expect(messageOf(await writeJson()(join(folder, 'none', 'a.json'), 1))).toContain(`there is no folder ${join(folder, 'none')}; make it first`)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('needs the permission to write there', async () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o500)
    expect(messageOf(await writeJson()(join(closed, 'a.json'), 1))).toContain('permission denied')
  })
})

describe('a JSON file', () => {
  it('that is broken is named with the place', async () => {
    const path = join(folder, 'a.json')
    writeFileSync(path, '{\n  "a": 1,\n  "b": tru\n}\n')
    expect(await readJson()(path)).toEqual(E.left({ path: `${path}:3:8`, message: 'this is not JSON: expected a value, found "t"' }))
  })

  it('that is not text, not there or a folder is named with what it is', async () => {
    writeFileSync(join(folder, 'a.json'), Buffer.from([0x22, 0xff, 0x22]))
    expect(messageOf(await readJson()(join(folder, 'a.json')))).toContain('not UTF-8')
    expect(messageOf(await readJson()(join(folder, 'b.json')))).toContain('there is no such file')
    expect(messageOf(await readJson()(folder))).toContain('this is a folder')
  })
})

const otherProcess = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })

const heldBy = async (process: number, started?: string): Promise<void> => {
  const holder = { process, host: hostname(), started: started ?? (await nodeProcesses.startOf(process)) ?? null }
  writeFileSync(join(folder, lockName), JSON.stringify(holder))
}

const isHeld = (): boolean => existsSync(join(folder, lockName))

describe('the lock of a run folder', () => {
  it('is held until it is released', async () => {
    const first = await lockRun()(folder)
    if (E.isLeft(first)) throw new Error(first.left.message)
    expect(await lockRun()(folder)).toEqual(E.left({ path: folder, message: `in use by process ${process.pid}; wait until it ends, or stop it` }))
    await first.right.release()
    expect(readdirSync(folder)).toEqual([])
    expect(E.isRight(await lockRun()(folder))).toBe(true)
  })

  it('names the living process that holds it, and is taken over when that one was killed', async () => {
    const other = otherProcess()
    await once(other, 'spawn')
    await heldBy(other.pid ?? 0)
    expect(messageOf(await lockRun()(folder))).toBe(`in use by process ${other.pid}; wait until it ends, or stop it`)
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(E.isRight(await lockRun()(folder))).toBe(true)
    expect(readFileSync(join(folder, lockName), 'utf8')).toContain(`"process":${process.pid}`)
  })

  it('is taken over when the id of its process was given to another', async () => {
    const other = otherProcess()
    await once(other, 'spawn')
    await heldBy(other.pid ?? 0, 'long ago')
    expect(E.isRight(await lockRun()(folder))).toBe(true)
    other.kill('SIGKILL')
  })

  it('is taken over when it says nothing', async () => {
    writeFileSync(join(folder, lockName), '')
    expect(E.isRight(await lockRun()(folder))).toBe(true)
  })

  it('of another machine is left alone', async () => {
    writeFileSync(join(folder, lockName), JSON.stringify({ process: 12, host: 'elsewhere.example', started: null }))
    expect(messageOf(await lockRun()(folder))).toContain(
      `in use by process 12 on elsewhere.example; if that process is no more, delete ${join(folder, lockName)}`,
    )
    expect(isHeld()).toBe(true)
  })

  it('goes to one of many who want it at once', async () => {
    await heldBy(2 ** 22 + 1, 'never')
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => lockRun(nodeFiles, { ...nodeProcesses, id: 2 ** 22 + 2 + i, isAlive: (id) => id > 2 ** 22 + 1 })(folder)),
    )
    expect(all.filter(E.isRight)).toHaveLength(1)
  })

  it('is held on a file system that has no links, too', async () => {
    const plain = failing('link', 'EPERM')
    expect(E.isRight(await lockRun(plain)(folder))).toBe(true)
    expect(messageOf(await lockRun(plain)(folder))).toBe(`in use by process ${process.pid}; wait until it ends, or stop it`)
  })

  it('sweeps away what a killed process left half-written, and nothing else', async () => {
    const dead = 2 ** 22 + 1
    mkdirSync(join(folder, 'weights'))
    for (const name of [`.a.safetensors.${dead}-3.partial`, `.a.safetensors.${process.pid}-3.partial`, 'a.safetensors'])
      writeFileSync(join(folder, 'weights', name), '')
    await lockRun()(folder)
    expect(readdirSync(join(folder, 'weights')).sort()).toEqual([`.a.safetensors.${process.pid}-3.partial`, 'a.safetensors'])
  })

  it('cannot be taken on a full disk or in a folder that is not there', async () => {
    expect(messageOf(await lockRun(diskWith(10))(folder))).toContain('no space left')
    expect(readdirSync(folder)).toEqual([])
    expect(await lockRun()(join(folder, 'none'))).toMatchObject({ left: { path: join(folder, 'none') } })
  })
})
