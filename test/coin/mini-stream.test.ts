import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { miniCoin, writeStream } from '../../coin/mini/index.js'
import { scorers } from '../../coin/scorers/index.js'
import { readStream } from '../../coin/stream.js'
import type { Sample } from '../../coin/stream-types.js'

const root = mkdtempSync(join(tmpdir(), 'mini-'))
afterAll(() => rmSync(root, { recursive: true }))

const options = { wording: 'shared', train: 5, heldOut: 2, test: 4, seed: 4 } as const
const mini = await miniCoin(options)

const bytesOf = async ({ image }: Sample): Promise<Uint8Array | null> => {
  if (image === undefined) return null
  return 'pixels' in image ? image.pixels : new Uint8Array(await sharp(image.path).removeAlpha().raw().toBuffer())
}

describe('MiniCoIN as a stream', () => {
  it('has eight tasks with as many samples as asked for, each with an id of its own', () => {
    expect(mini.tasks.map(({ train, heldOut = [], test }) => [train.length, heldOut.length, test.length])).toEqual(mini.tasks.map(() => [5, 2, 4]))
    const ids = mini.tasks.flatMap(({ train, heldOut = [], test }) => [...train, ...heldOut, ...test].map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives the same pictures whenever they are asked for', async () => {
    const again = await miniCoin(options)
    for (const [at, { test }] of mini.tasks.entries())
      for (const [index, sample] of test.entries()) expect(await bytesOf(sample)).toEqual(await bytesOf(again.tasks[at]?.test[index] ?? sample))
  })

  it('is the same stream when it is written as a folder and read again, pixel for pixel', async () => {
    const folder = join(root, 'stream')
    expect(E.isRight(await writeStream(folder, mini))).toBe(true)
    const read = await readStream(folder)
    if (E.isLeft(read)) throw new Error(JSON.stringify(read.left[0]))
    const texts = ({ tasks }: typeof mini) =>
      tasks.map(({ id, scorer, train, heldOut = [], test }) => ({
        id,
        scorer,
        samples: [...train, ...heldOut, ...test].map(({ question, answer }) => ({ question, answer })),
      }))
    expect(texts(read.right)).toEqual(texts(mini))
    for (const [at, { test }] of mini.tasks.entries())
      for (const [index, sample] of test.entries()) {
        const other = read.right.tasks[at]?.test[index]
        expect(await bytesOf(other ?? { id: '', question: '', answer: '' })).toEqual(await bytesOf(sample))
        expect(other?.meta).toEqual(sample.meta)
      }
  })

  it('is scored as wholly right when every answer is the right one, by either profile', () => {
    for (const { scorer, test } of mini.tasks)
      for (const profile of ['clean', 'coin-2024'] as const) {
        const predictions = test.map(({ id, answer }) => ({ id, text: answer }))
        expect({ scorer, profile, accuracy: scorers[scorer][profile](test, predictions).accuracy }).toEqual({ scorer, profile, accuracy: 100 })
      }
  })
})
