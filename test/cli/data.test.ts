import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { readStream } from '../../coin/stream.js'
import { cmoe } from './harness.js'

/** The data pack is decoded from PNG: seconds on a machine that does other work. */
const patience = 60_000

const folder = (): string => mkdtempSync(join(tmpdir(), 'cmoe-data-'))

describe('cmoe data mini', { timeout: patience }, () => {
  it('writes a stream that can be read', async () => {
    const out = join(folder(), 'stream')
    const { code, out: said } = await cmoe(['data', 'mini', '--out', out, '--train', '4', '--held-out', '2', '--test', '2'])
    expect([code, said]).toEqual([0, `${out}: 8 tasks; learn them with cmoe run --stream ${out}\n`])
    const stream = await readStream(out)
    expect(E.isRight(stream) ? stream.right.tasks.map(({ train, heldOut, test }) => [train.length, heldOut?.length, test.length]) : stream).toEqual(
      Array.from({ length: 8 }, () => [4, 2, 2]),
    )
  })

  it('writes what cmoe check finds good, by its folder or its manifest, until something is broken', async () => {
    const out = join(folder(), 'stream')
    await cmoe(['data', 'mini', '--out', out, '--train', '4', '--held-out', '2', '--test', '2'])
    const good = { code: 0, out: `${out}: good; 8 tasks, 32 training and 16 test samples\n`, err: '' }
    expect(await cmoe(['check', out])).toEqual(good)
    const manifest = join(out, 'stream.json')
    expect(await cmoe(['check', manifest])).toEqual(good)
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"scorer": "gqa"', '"scorer": "gqaa"'))
    const { code, out: said } = await cmoe(['check', out])
    expect([code, said]).toEqual([1, expect.stringMatching(/stream\.json, tasks\/gqa\/scorer: must be one of .*did you mean 'gqa'\?\n$/)])
  })

  it('writes the same for the same seed, and other samples for another', async () => {
    const [a, b, c] = [folder(), folder(), folder()]
    const sizes = ['--train', '2', '--held-out', '1', '--test', '1']
    for (const [out, seed] of [
      [a, '3'],
      [b, '3'],
      [c, '4'],
    ] as const)
      await cmoe(['data', 'mini', '--out', out, ...sizes, '--seed', seed])
    const questions = (out: string) => readFileSync(join(out, 'gqa', 'train.json'), 'utf8')
    expect(questions(b)).toBe(questions(a))
    expect(questions(c)).not.toBe(questions(a))
  })

  it.each([
    ['an unknown stream', ['data', 'coin', '--out', 'x'], /there is no stream 'coin'/],
    ['unknown wording', ['data', 'mini', '--out', 'x', '--wording', 'odd'], /--wording odd: must be one of shared, plain/],
    ['no folder', ['data', 'mini'], /required option '--out <dir>' not specified/],
    ['a folder that is not empty', ['data', 'mini', '--out', '.'], /is not empty; name a new folder/],
  ])('exits 2 on %s', async (_what, args, message) => {
    const { code, err } = await cmoe(args)
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(existsSync('x') ? readdirSync('x') : []).toEqual([])
  })
})

describe('cmoe pretrain', () => {
  it('shows what the base knows', async () => {
    const { code, out } = await cmoe(['pretrain', '--out', 'base', '--seed', '7'], {
      pretrain: ({ dir, seed }) => {
        expect([dir, seed]).toEqual(['base', 7])
        return Promise.resolve(E.right({ accuracies: { colours: 95.25 } }))
      },
    })
    expect(code).toBe(0)
    expect(out).toMatch(/colours +95\.3/)
  })
})
