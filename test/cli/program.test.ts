import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { commands } from '../../cli/commands/index.js'
import { metrics } from '../runtime/report-fixture.js'
import { cmoe, file } from './harness.js'

describe('cmoe', () => {
  it('shows help when it is told nothing', async () => {
    const { code, out, err } = await cmoe([])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/Usage: cmoe/)
  })

  it('has help with an example for each command', async () => {
    const names = [...(await cmoe([])).out.matchAll(/^ {2}([\w-]+) .*\[options\]/gm)].map(([, name]) => name ?? '')
    expect(names.length).toBe(commands.length)
    for (const name of names) {
      const { code, out } = await cmoe([name, '--help'])
      expect([name, code]).toEqual([name, 0])
      expect(out).toMatch(new RegExp(`Example:\\n( {2}\\$ cmoe .*\\n)*? {2}\\$ cmoe ${name}`))
      expect(out).toContain('--json')
    }
  })

  it('knows its version', async () => expect((await cmoe(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/))

  it.each([
    ['an unknown command', ['chek'], /unknown command 'chek'.*\(Did you mean check\?\)/s],
    ['an unknown flag', ['check', '--jsn', 'a.json'], /unknown option '--jsn'.*\(Did you mean --json\?\)/s],
    ['a missing argument', ['verify'], /missing required argument 'run'/],
    ['too many arguments', ['verify', 'a', 'b'], /too many arguments/],
    ['a seed that is no number', ['run', '--seed', 'one'], /'--seed <n>' argument 'one' is invalid. must be a whole number/],
    ['no threads', ['run', '--threads', '0'], /must be a whole number of at least 1/],
    ['a seed beyond what a number can count', ['run', '--seed', '9007199254740993'], /must be at most 9007199254740991/],
    ['more samples than memory holds', ['data', 'mini', '--out', 'x', '--train', '99999999999'], /must be at most 100000/],
    ['help on what is no command', ['help', 'chek'], /unknown command 'chek'.*\(Did you mean check\?\)/s],
    ['an empty argument', ['show', ''], /^cmoe: <spec-or-run> is empty; give it a value\n$/],
    ['an empty argument among several', ['check', 'a.json', ''], /^cmoe: <spec> is empty; give it a value\n$/],
    ['an empty value of a flag', ['data', 'mini', '--out', ''], /^cmoe: --out <dir> is empty; give it a value\n$/],
  ])('exits 2 with one message on %s', async (_what, args, message) => {
    const { code, out, err } = await cmoe(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(message)
    expect(err.startsWith('cmoe: ')).toBe(true)
  })

  it.each([
    ['an unknown flag', ['check', '--jsn', 'a.json', '--json'], "unknown option '--jsn' (Did you mean --json?)"],
    ['an empty value', ['run', '--out', '', '--json'], '--out <dir> is empty; give it a value'],
  ])('says %s to a machine as JSON', async (_what, args, message) => {
    const { code, out, err } = await cmoe(args)
    expect([code, err]).toEqual([2, ''])
    expect(JSON.parse(out)).toEqual({ kind: 'mistakes', mistakes: [message] })
  })

  it('exits 70 and shows where on a bug', async () => {
    const { code, err } = await cmoe(['backends'], { backends: () => Promise.reject(new Error('a bug in the test')) })
    expect(code).toBe(70)
    expect(err).toMatch(/bug of cmoe.*a bug in the test\n\s+at /s)
  })
})

describe('a disk that refuses', () => {
  const refusing = (code: string) => ({ backends: () => Promise.reject(Object.assign(new Error(code), { code, path: 'runs/a/metrics.json' })) })

  it('is no bug, but exits 2 with the mend', async () =>
    expect(await cmoe(['backends'], refusing('ENOSPC'))).toEqual({
      code: 2,
      out: '',
      err: 'cmoe: runs/a/metrics.json: no space left on the disk; free some and run again, nothing half-written was kept\n',
    }))

  it('is told apart from what only we can get wrong', async () => expect((await cmoe(['backends'], refusing('ERR_INVALID_ARG_TYPE'))).code).toBe(70))
})

describe('cmoe backends', () => {
  const wasm = { name: 'wasm' as const, device: 'wasm (2 threads)', refused: null, gigaflops: 33.4, chosen: true }
  const tensorflow = { name: 'tensorflow' as const, device: null, refused: 'is not installed', gigaflops: null, chosen: false }

  it('lists speed and self-test', async () => {
    const { code, out } = await cmoe(['backends'], { backends: () => Promise.resolve([wasm, tensorflow]) })
    expect(code).toBe(0)
    expect(out).toMatch(/\* wasm +33.4 GFLOP\/s +passed: wasm \(2 threads\)/)
    expect(out).toMatch(/ {2}tensorflow +not used: is not installed/)
  })

  it('prints the same as JSON', async () => {
    const { out } = await cmoe(['backends', '--json'], { backends: () => Promise.resolve([wasm, tensorflow]) })
    expect(JSON.parse(out)).toEqual([wasm, tensorflow])
  })

  it('fails when nothing computes rightly', async () =>
    expect((await cmoe(['backends'], { backends: () => Promise.resolve([tensorflow]) })).code).toBe(1))
})

describe('cmoe verify', () => {
  const run = dirname(file('experiment.json', '{}'))

  it('is content with a good run', async () => expect((await cmoe(['verify', run], { verifyRun: () => Promise.resolve([]) })).code).toBe(0))

  it('exits 1 and names the file', async () => {
    const { code, out } = await cmoe(['verify', run], {
      verifyRun: () => Promise.resolve([{ file: 'weights/gqa.safetensors', message: 'is not what was written' }]),
    })
    expect([code, out]).toEqual([1, 'weights/gqa.safetensors: is not what was written\n'])
  })

  it('exits 2 where there is no run', async () => {
    expect((await cmoe(['verify', 'no-such-run'])).code).toBe(2)
    const { code, err } = await cmoe(['verify', dirname(file('notes.txt', ''))])
    expect([code, err]).toEqual([2, expect.stringContaining('is no run; a run holds')])
  })
})

describe('cmoe resume', () => {
  const done = E.right({ dir: 'runs/a', metrics, hashes: { 'versions/a.json': 'abc' } })

  it('goes on and sums up', async () => {
    const { code, out } = await cmoe(['resume', 'runs/a', '--threads', '2'], {
      resume: (request) => {
        expect(request).toEqual({ dir: 'runs/a', backend: undefined, threads: 2 })
        return Promise.resolve(done)
      },
    })
    expect(code).toBe(0)
    expect(out).toContain('task given (oracle)')
    expect(out).toContain('runs/a/report.html')
  })

  it('reports JSON lines to a machine, the result last', async () => {
    const { out } = await cmoe(['resume', 'runs/a', '--json'], {
      resume: (_request, report) => {
        report({ kind: 'note', level: 'info', text: 'hello' })
        return Promise.resolve(done)
      },
    })
    const events: readonly unknown[] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toEqual([
      { kind: 'note', level: 'info', text: 'hello' },
      { kind: 'result', dir: 'runs/a', metrics, hashes: { 'versions/a.json': 'abc' } },
    ])
  })

  it('says what was wrong, and exits 2', async () => {
    const { code, err } = await cmoe(['resume', 'runs/a'], { resume: () => Promise.resolve(E.left(['runs/a: is in use by process 7', 'another'])) })
    expect([code, err]).toEqual([2, 'cmoe: runs/a: is in use by process 7\ncmoe: another\n'])
  })
})
