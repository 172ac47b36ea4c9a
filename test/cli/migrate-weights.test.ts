import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type LineageEntry,
  lineageOf,
  type Evidence,
  type Patch,
  changes,
  decide,
  diff,
  expansion,
  grow,
  hash,
  invert,
  nothing,
  only,
} from '../../dsl/index.js'
import { miniFolder } from '../../models/base.js'
import { openSafetensors, readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import type { Tensors } from '../../models/formats/tensor.js'
import { miniExperiment } from '../../models/index.js'
import { lockedHash } from '../../runtime/run/hashes.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'
import { right } from '../dsl/harness.js'
import { type Ran, cmoe } from './harness.js'

const base = miniExperiment.model
const policy = expansion('by-name', { criterion: only('decoder.2.ffn.up') })
const evidence: Evidence = { format: 'cmoe/evidence/1', task: 'ocr', policy: 'by-name', samples: 0, sites: [], total: null }
const grown = right(grow(right(decide(policy, evidence)(base)))(base))

const dir = mkdtempSync(join(tmpdir(), 'cmoe-weights-'))
const at = (name: string): string => join(dir, name)
const json = (name: string, value: unknown): string => {
  writeFileSync(at(name), JSON.stringify(value))
  return at(name)
}
const save = async (name: string, tensors: Tensors, options = {}): Promise<string> => {
  expect(E.isRight(await writeSafetensors()(at(name), tensors, options))).toBe(true)
  return at(name)
}
const bytes = (path: string): Buffer => readFileSync(path)
const shipped = join(miniFolder, 'model.safetensors')

const [there, back] = [json('growth.json', diff(base, grown)), json('undo.json', invert(diff(base, grown)))]
const [before, after] = [json('base.json', base), json('grown.json', grown)]

const small = tiny('a', 'b')
const smallSpec = json('small.json', small)
const renamed: Patch = { ...nothing(hash(small)), changes: [changes.renamed(['tasks'], 'task', 'b', 'charts')] }

describe('cmoe migrate-weights', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    await cmoe(['migrate-weights', there, '--spec', before, '--weights', miniFolder, '-o', at('grown.safetensors')])
  })

  it('grows a checkpoint and takes it back to the very bytes that it had', async () => {
    const { code, out } = await cmoe(['migrate-weights', back, '--spec', after, '--weights', at('grown.safetensors'), '-o', at('back.safetensors')])
    expect([code, out]).toEqual([0, expect.stringMatching(/^keep 111 tensors \(7\.28 MB\)\ndrop 18 tensors/u)])
    expect(bytes(at('back.safetensors')).equals(bytes(shipped))).toBe(true)
    expect(bytes(at('grown.safetensors')).equals(bytes(shipped))).toBe(false)
  })

  describe('of a version of a run', () => {
    const run = at('run')
    const delta = join(run, 'weights', 'ocr.safetensors')
    let narrow: Ran | undefined

    beforeAll(async () => {
      for (const folder of ['versions', 'weights']) mkdirSync(join(run, folder), { recursive: true })
      for (const model of [base, grown]) json(`run/versions/${hash(model)}.json`, model)
      json('run/experiment.json', miniExperiment)
      json('run/lineage.json', lineageOf(hash(base)))
      narrow = await cmoe(['migrate-weights', there, '--spec', `${run}:base`, '--without-base', '-o', delta])
      const written = await readSafetensors()(delta)
      if (E.isLeft(written)) throw new Error(written.left.message)
      const taught: LineageEntry = {
        version: hash(grown),
        parents: [{ version: hash(base), patch: 'patches/ocr.json' }],
        task: 'ocr',
        plan: null,
        evidence: null,
        weights: { file: 'weights/ocr.safetensors', hash: lockedHash(written.right.tensors) },
      }
      json('run/lineage.json', { ...lineageOf(hash(base)), versions: [...lineageOf(hash(base)).versions, taught] })
    })

    it('has what a task adds made without its base', () =>
      expect([narrow?.code, narrow?.out.split('\n')[0]]).toEqual([0, 'initialise 18 tensors (70.5 kB):']))

    it('takes spec and weights', async () => {
      expect(await cmoe(['migrate-weights', back, '--spec', `${run}:ocr`, '-o', at('undone.safetensors')])).toMatchObject({ code: 0 })
      expect(bytes(at('undone.safetensors')).equals(bytes(shipped))).toBe(true)
    })

    it('takes what its tasks added and leaves its base alone, where that is asked for', async () => {
      const { code, out } = await cmoe(['migrate-weights', back, '--spec', `${run}:ocr`, '--without-base', '-o', at('none.safetensors')])
      expect([code, out.split('\n')[0]]).toEqual([0, 'drop 18 tensors (70.5 kB):'])
    })

    it('refuses weights and versions that were changed after they were written', async () => {
      const refusal = async (file: string) => {
        const { code, err } = await cmoe(['migrate-weights', back, '--spec', `${run}:ocr`, '-o', at('never.safetensors')])
        expect([code, err, existsSync(at('never.safetensors'))]).toEqual([
          2,
          `cmoe: ${file}: was changed after it was written; restore it, cmoe verify ${run} says what else is wrong\n`,
          false,
        ])
      }
      const whole = bytes(delta)
      writeFileSync(delta, whole.with(whole.length - 1, 1))
      await refusal(delta)
      writeFileSync(delta, whole)
      const forged = json(`run/versions/${hash(grown)}.json`, { ...grown, name: 'forged' })
      await refusal(forged)
      expect((await cmoe(['diff', `${run}:base`, `${run}:ocr`])).code).toBe(2)
      json(`run/versions/${hash(grown)}.json`, grown)
    })
  })

  it('keeps what is kept in the dtype that it has, and says as JSON what became of each tensor', async () => {
    const half = await save('half.safetensors', drawnWeights(small), { floats: 'F16', metadata: { of: 'test' } })
    const patch = json('rename.json', renamed)
    const { code, out } = await cmoe(['migrate-weights', patch, '--spec', smallSpec, '--weights', half, '-o', at('renamed.safetensors'), '--json'])
    const lines = out.trimEnd().split('\n')
    const told = JSON.parse(lines.at(-1) ?? '') as { readonly kind: string; readonly steps: readonly { readonly kind: string }[] }
    expect([code, told.kind, new Set(told.steps.map(({ kind }) => kind))]).toEqual([0, 'weights', new Set(['keep', 'rename'])])
    const opened = await openSafetensors()(at('renamed.safetensors'))
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    expect(new Set(Array.from(opened.right.entries.values(), ({ dtype }) => dtype))).toEqual(new Set(['F16']))
    expect([opened.right.metadata, opened.right.entries.has('locator.charts.center')]).toEqual([{ of: 'test' }, true])
    await opened.right.close()
  })

  it('shares an expert out among its parts', async () => {
    const one = small.sites[1]?.experts[3]
    if (one === undefined) throw new Error('tiny has other experts')
    const parts = [1, 2].map((rank) => ({ ...one, id: `part-${rank}`, rank, alpha: (one.alpha / 3) * rank }))
    const split = changes.split(['sites', 'decoder.1.ffn.up', 'experts'], 'b.0', one, parts)
    const patch = json('split.json', { ...nothing(hash(small)), changes: [split] })
    const weights = drawnWeights(small)
    const whole = await save('whole.safetensors', weights)
    expect((await cmoe(['migrate-weights', patch, '--spec', smallSpec, '--weights', whole, '-o', at('parts.safetensors')])).code).toBe(0)
    const read = await readSafetensors()(at('parts.safetensors'))
    if (E.isLeft(read)) throw new Error(read.left.message)
    const factor = weights['experts.decoder.1.ffn.up.b.1.lora_A.weight']?.data
    expect(read.right.tensors['experts.decoder.1.ffn.up.part-2.lora_A.weight']).toEqual({ shape: [2, 8], data: factor?.slice(8) })
  })

  it('looks first without any weights, or at their headers alone', async () => {
    const { code, out } = await cmoe(['migrate-weights', there, '--spec', before, '--plan'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^keep 111 tensors .*\ninitialise 18 tensors/u)])
    const headers = await cmoe(['migrate-weights', there, '--spec', before, '--plan', '--weights', at('grown.safetensors')])
    expect([headers.code, headers.err]).toEqual([2, expect.stringContaining('has tensors that the old version does not have: ')])
  })
})

describe('cmoe migrate-weights refuses', { timeout: 60_000 }, () => {
  /** What it says of tensors that are not those of the spec. */
  const refusal = async (...weights: readonly string[]): Promise<readonly string[]> => {
    const patch = json('rename.json', renamed)
    const { code, out, err } = await cmoe(['migrate-weights', patch, '--spec', smallSpec, '-o', at('never.safetensors'), '--weights', ...weights])
    expect([code, out, existsSync(at('never.safetensors'))]).toEqual([2, '', false])
    expect(readdirSync(dir).filter((name) => name.endsWith('.partial'))).toEqual([])
    return err.replaceAll(`${dir}/`, '').trimEnd().split('\n')
  }

  it('what is missing, beyond, misshapen and there twice, all at once', async () => {
    const { 'model.language_model.norm.weight': norm, 'locator.a.center': center, ...others } = drawnWeights(small)
    if (norm === undefined || center === undefined) throw new Error('tiny has other tensors')
    const odd = await save('odd.safetensors', { ...others, 'locator.a.center': { shape: [4, 2], data: center.data }, stray: norm })
    const more = await save('more.safetensors', { 'locator.a.spread': center })
    expect(await refusal(odd, more)).toEqual([
      'cmoe: odd.safetensors, more.safetensors: lack tensors of the old version: model.language_model.norm.weight',
      'cmoe: odd.safetensors: has tensors that the old version does not have: stray',
      'cmoe: odd.safetensors: locator.a.center is [4, 2], the old version has it as [8]',
      'cmoe: more.safetensors: locator.a.spread is in odd.safetensors too; name one of them',
    ])
  })

  it('a probe that nobody has kept, and says what to do about it', async () => {
    const plan = right(decide(policy, evidence)(base))
    const copied = right(
      grow({
        ...plan,
        experts: plan.experts.map((each) => ({ ...each, expert: { ...each.expert, origin: { kind: 'copy' as const, of: 'ocr.probe.0' } } })),
      })(base),
    )
    const args = [
      'migrate-weights',
      json('copied.json', diff(base, copied)),
      '--spec',
      before,
      '--weights',
      miniFolder,
      '-o',
      at('copied.safetensors'),
    ]
    const { code, err } = await cmoe(args)
    expect([code, err.trimEnd().split('\n')]).toEqual([
      2,
      [
        expect.stringMatching(
          /: lack probes that new experts are copies of, .* --reinitialise: (experts\.decoder\.2\.ffn\.up\.ocr\.probe\.0\.lora_[AB]\.weight(, |$)){2}/u,
        ),
      ],
    ])
    expect(await cmoe([...args, '--reinitialise', 'experts.*.ocr.0.*'])).toMatchObject({ code: 0, err: '' })
  })

  it('files that are not there, or are none', async () => {
    writeFileSync(at('text.safetensors'), 'no header')
    expect(await refusal(at('absent.safetensors'))).toEqual(['cmoe: absent.safetensors: there is no such file or folder; check the name'])
    expect(await refusal(at('text.safetensors'))).toEqual([expect.stringContaining('cmoe: text.safetensors: says that its header takes')])
  })

  it('a tensor of another shape, with the change behind it, until it may start anew', async () => {
    const wider = { ...small, decoder: { ...small.decoder, ffn: 16 } }
    const args = ['migrate-weights', json('wider.json', diff(small, wider)), '--spec', smallSpec, '--plan']
    const { code, out } = await cmoe(args)
    expect([code, out]).toEqual([1, expect.stringContaining('mlp.up_proj.weight: is [14, 8] and would be [16, 8] by ~ decoder/ffn: 14 -> 16; ')])
    const anew = ['--reinitialise', 'model.language_model.*.mlp.*', '--reinitialise', 'experts.decoder.1.ffn.up.*.lora_B.weight']
    expect(await cmoe([...args, ...anew])).toMatchObject({ code: 0, out: expect.stringContaining('initialise 10 tensors') })
    const narrow = await cmoe([...args, ...anew, '--without-base'])
    expect([narrow.code, narrow.err.split('\n')[0]]).toEqual([2, 'cmoe: --without-base leaves the base as it is, but the patch asks for'])
  })

  it('a patch that does not fit, a spec that is no model, and a command that says too little', async () => {
    expect(await cmoe(['migrate-weights', back, '--spec', before, '--plan'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('(patch-missing)'),
    })
    const experiment = json('experiment.json', miniExperiment)
    expect((await cmoe(['migrate-weights', there, '--spec', experiment, '--plan'])).err).toContain(
      'is of kind experiment; weights are those of a model',
    )
    const { code, err } = await cmoe(['migrate-weights', there])
    expect([code, err.split('\n').length - 1]).toEqual([2, 2])
    expect((await cmoe(['migrate-weights', there, '--spec', before, '-o', at('x')])).err).toContain('--weights FILE...')
  })
})

describe('cmoe diff --weights', { timeout: 60_000 }, () => {
  it('says what becomes of every tensor, of models only', async () => {
    expect((await cmoe(['diff', before, after, '--weights'])).out).toBe((await cmoe(['migrate-weights', there, '--spec', before, '--plan'])).out)
    const experiment = json('experiment.json', miniExperiment)
    expect(await cmoe(['diff', experiment, experiment, '--weights'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('weights are those of a model'),
    })
  })
})
