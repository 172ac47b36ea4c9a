import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { mini, miniPreprocessing } from '../../models/index.js'
import { lockRun } from '../../runtime/files/lock.js'
import { pretrain } from '../../runtime/pretrain/base.js'
import { Card } from '../../runtime/pretrain/card.js'
import { pretrainMini } from '../../runtime/pretrain/index.js'
import { type PretrainSettings, miniSettings } from '../../runtime/pretrain/settings.js'
import { type Report, silent } from '../../runtime/progress.js'
import { runFolder } from '../../runtime/run/folder.js'
import { stoppable } from '../../runtime/stop.js'

/** The mini model with next to nothing in it: what is said of it is worthless, but every part is there. */
const model: ModelSpec = {
  ...mini,
  vision: { ...mini.vision, width: 16, layers: 1, heads: 2, ffn: 16 },
  connector: { ...mini.connector, width: 16 },
  decoder: { ...mini.decoder, width: 16, layers: 1, heads: 2, kvHeads: 1, headDim: 8, ffn: 16 },
  sites: [],
  locator: null,
}

const settings: PretrainSettings = {
  ...miniSettings,
  tower: { ...miniSettings.tower, steps: 7, batch: 2 },
  captions: { ...miniSettings.captions, steps: 8, batch: 2 },
  lessons: { ...miniSettings.lessons, steps: 5, batch: 2 },
  whitening: { pictures: 4, floor: 0.1 },
  every: 3,
}

const root = mkdtempSync(join(tmpdir(), 'pretrain-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A life of a process on the folder: its own device, and a clock that moves a second a look. */
const live = async (dir: string, report: Report = silent, other: Partial<PretrainSettings> = {}): Promise<E.Either<readonly string[], Card>> => {
  const device = await wasmDevice({ threads: 1 })
  let looks = 0
  try {
    return await stoppable(() =>
      pretrain({
        folder: runFolder(join(root, dir), nodeFiles),
        device,
        model,
        preprocessing: miniPreprocessing,
        settings: { ...settings, ...other },
        report,
        now: () => 1000 * ++looks,
      }),
    )
  } finally {
    await device.dispose()
  }
}

const right = (result: E.Either<readonly string[], Card>): Card => {
  if (E.isLeft(result)) throw new Error(result.left.join('\n'))
  return result.right
}

const killed = new Error('killed')

/** Dies when the n-th step of a stage has been taken, or as soon as the stage has ended (its tensors are then not yet kept). */
const dyingIn = (stage: 'tower' | 'captions' | 'lessons', when: number | 'end'): Report => {
  let within = false
  return (event) => {
    if (event.kind === 'phase') within = event.title.endsWith(stage)
    if (within && (when === 'end' ? event.kind === 'done' : event.kind === 'step' && event.done === when)) throw killed
  }
}

const dyingWhileJudged: Report = (event) => {
  if (event.kind === 'phase' && event.phase === 'judge') throw killed
}

const bytes = (dir: string, name: string): Buffer => readFileSync(join(root, dir, name))

describe('pre-training', { timeout: 300_000 }, () => {
  it('that is killed again and again ends with the same bits and the whole curve', async () => {
    const whole = right(await live('whole'))
    expect(Object.values(whole.losses).map(({ length }) => length)).toEqual([7, 8, 5])
    const deaths = [
      dyingIn('tower', 5),
      dyingIn('tower', 'end'),
      dyingIn('captions', 7),
      dyingIn('captions', 'end'),
      dyingIn('lessons', 4),
      dyingIn('lessons', 'end'),
      dyingWhileJudged,
    ]
    for (const report of deaths) await expect(live('often', report)).rejects.toThrow(killed)
    // The seconds too: what every life spent until its last checkpoint, and the last one until the end.
    expect(whole.seconds).toEqual({ tower: 3, captions: 3, lessons: 2 })
    expect(right(await live('often'))).toEqual(whole)
    for (const name of ['model.safetensors', 'config.json', 'tokenizer.json']) expect(bytes('often', name).equals(bytes('whole', name))).toBe(true)
    expect(readdirSync(join(root, 'often', 'checkpoints'))).toEqual([])
    expect(Card.is(JSON.parse(bytes('often', 'card.json').toString()))).toBe(true)
  })

  it('is gone on with as it was begun, or not at all', async () => {
    await expect(live('begun', dyingIn('tower', 4))).rejects.toThrow(killed)
    const kept = bytes('begun', 'checkpoints/pretrain-tower.safetensors')
    const refused = await live('begun', silent, { seed: 1, captions: { ...settings.captions, steps: 9 } })
    expect(refused).toEqual(
      E.left([
        `${join(root, 'begun')}: holds an unfinished pre-training of another kind (settings.seed: 0 there, 1 asked for now; settings.captions.steps: 8 there, 9 asked for now); ask for that one to go on with it, or choose another folder with --out`,
      ]),
    )
    expect(bytes('begun', 'checkpoints/pretrain-tower.safetensors').equals(kept)).toBe(true)
  })

  it('is not done twice in one folder', async () => {
    const before = bytes('whole', 'card.json')
    expect(await live('whole')).toEqual(E.left([`${join(root, 'whole')}: holds a base that is finished; choose another folder with --out`]))
    expect(bytes('whole', 'card.json').equals(before)).toBe(true)
    // Killed while it cleared up, it clears up.
    writeFileSync(join(root, 'whole', 'checkpoints', 'asked.json'), bytes('begun', 'checkpoints/asked.json'))
    expect(right(await live('whole'))).toEqual(JSON.parse(before.toString()))
    expect(readdirSync(join(root, 'whole', 'checkpoints'))).toEqual([])
  })

  it('says which file of its own it cannot read', async () => {
    await expect(live('damaged', dyingIn('captions', 1))).rejects.toThrow(killed)
    writeFileSync(join(root, 'damaged', 'checkpoints', 'tower.json'), '{"losses": 3}')
    expect(await live('damaged')).toEqual(
      E.left([`${join(root, 'damaged', 'checkpoints', 'tower.json')}: does not hold what was written there; restore it or delete the run`]),
    )
  })

  it('has its folder for itself', async () => {
    const dir = join(root, 'taken')
    const lock = await lockRun()(root)
    const refused = await pretrainMini({ dir: root, seed: 0, backend: 'cpu', threads: undefined }, silent)
    expect(refused).toEqual(E.left([`${root}: in use by process ${process.pid}; wait until it ends, or stop it`]))
    if (E.isRight(lock)) await lock.right.release()
    // A folder that was made for what is refused goes again.
    expect(E.isLeft(await pretrainMini({ dir, seed: 0, backend: 'none', threads: undefined }, silent))).toBe(true)
    expect(existsSync(dir)).toBe(false)
  })
})
