import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { describe, expect, it } from 'vitest'
import { type Checked, type Evidence, type Judged, type ModelSpec, type Patch, decide, expansion, grow, hash, only } from '../../dsl/index.js'
import { mini, right } from '../dsl/harness.js'
import { cmoe } from './harness.js'

const grownFor = (task: string, from: ModelSpec = mini): ModelSpec => {
  const policy = expansion('by-name', { criterion: only('decoder.2.ffn.up') })
  const evidence: Evidence = { format: 'cmoe/evidence/1', task, policy: 'by-name', samples: 0, sites: [], total: null }
  return right(grow(right(decide(policy, evidence)(from)))(from))
}

const [vqa, caption] = [grownFor('vqa'), grownFor('caption')]

const grew = "capacity-adding: no earlier task's function changes; the locator has one more to take a sample for"

/** The base, with an old task whose router sees what the growth added. */
const wider: ModelSpec = {
  ...vqa,
  sites: vqa.sites.map((site) => ({
    ...site,
    routers: site.routers.map((router) => (router.task === 'gqa' ? { ...router, sees: site.experts.map(({ id }) => id) } : router)),
  })),
}

/** A folder with the base, its two growths, and one of them under another name. */
const folder = (): ((name: string) => string) => {
  const dir = mkdtempSync(join(tmpdir(), 'cmoe-patch-'))
  const renamed = JSON.stringify(vqa).replaceAll('"vqa', '"charts')
  const files = {
    base: JSON.stringify(mini),
    vqa: JSON.stringify(vqa),
    caption: JSON.stringify(caption),
    charts: renamed,
    wider: JSON.stringify(wider),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, `${name}.json`), text)
  return (name) => join(dir, name)
}

const read = (path: string): ModelSpec => JSON.parse(readFileSync(path, 'utf8')) as ModelSpec

describe('cmoe diff, apply and invert', { timeout: 60_000 }, () => {
  it('write what leads from one to the other, go there, and come back under the old hash', async () => {
    const at = folder()
    const made = await cmoe(['diff', at('base.json'), at('vqa.json'), '-o', at('patch.json')])
    expect([made.code, made.out]).toEqual([0, `${at('patch.json')}: 6 changes, capacity-adding\n`])
    const applied = await cmoe(['apply', at('patch.json'), at('base.json'), '-o', at('next.json')])
    expect(applied.out).toBe(`${at('next.json')}: model ${hash(vqa).slice(0, 12)}, 6 changes from ${hash(mini).slice(0, 12)}\n${grew}\n`)
    expect(read(at('next.json'))).toEqual(vqa)
    const undo = await cmoe(['invert', at('patch.json'), '-o', at('undo.json')])
    expect(undo.out).toBe(`${at('undo.json')}: 6 changes from ${hash(vqa).slice(0, 12)} back to ${hash(mini).slice(0, 12)}\n`)
    const { out } = await cmoe(['apply', at('undo.json'), at('next.json')])
    expect(hash(JSON.parse(out) as ModelSpec)).toBe(hash(mini))
  })

  it('carry a growth over to another branch', async () => {
    const at = folder()
    await cmoe(['diff', at('base.json'), at('vqa.json'), '-o', at('patch.json')])
    const { code, out } = await cmoe(['apply', at('patch.json'), at('caption.json'), '--json'])
    expect([code, (JSON.parse(out) as ModelSpec).tasks.map(({ id }) => id)]).toEqual([0, ['ocr', 'gqa', 'vqa', 'caption']])
  })

  it('list all that does not fit, exit 1, and write nothing', async () => {
    const at = folder()
    await cmoe(['diff', at('base.json'), at('vqa.json'), '-o', at('patch.json')])
    const { code, out } = await cmoe(['apply', at('patch.json'), at('vqa.json'), '-o', at('next.json')])
    expect(code).toBe(1)
    expect(out.split('\n').slice(0, 3)).toEqual([
      `${at('patch.json')} does not fit ${at('vqa.json')}; 6 conflicts:`,
      "  tasks/vqa: the patch adds 'vqa', which is there already (patch-exists)",
      "  sites/decoder.0.ffn.up/routers/vqa: the patch adds 'vqa', which is there already (patch-exists)",
    ])
    expect(existsSync(at('next.json'))).toBe(false)
  })

  it('are told again by cmoe show, from the file', async () => {
    const at = folder()
    await cmoe(['diff', at('base.json'), at('vqa.json'), '-o', at('patch.json')])
    const [changes = ''] = (await cmoe(['diff', at('base.json'), at('vqa.json')])).out.split('\n\n')
    const { code, out } = await cmoe(['show', at('patch.json')])
    expect([code, out]).toEqual([0, `patch from ${hash(mini).slice(0, 12)} to ${hash(vqa).slice(0, 12)}\n\n${changes}\n`])
    for (const args of [['check'], ['diff', at('base.json')], ['show', '--cost']])
      expect(await cmoe([...args, at('patch.json')])).toMatchObject({
        code: 2,
        err: expect.stringContaining(`${at('patch.json')}: is a patch`) as unknown,
      })
  })

  it('say of a neighbour that is not there what was to be put after it', async () => {
    const at = folder()
    writeFileSync(at('more.json'), JSON.stringify(grownFor('maps', vqa)))
    await cmoe(['diff', at('vqa.json'), at('more.json'), '-o', at('patch.json')])
    const { code, out } = await cmoe(['apply', at('patch.json'), at('base.json')])
    expect([code, out.split('\n')[1]]).toEqual([1, "  tasks/vqa: the patch puts 'maps' after 'vqa', which is not there (patch-missing)"])
  })

  it('refuse a spec in place of a patch, and name what is no good about what comes out', async () => {
    const at = folder()
    const mistaken = await cmoe(['apply', at('base.json'), at('vqa.json')])
    expect([mistaken.code, mistaken.err]).toEqual([
      2,
      `cmoe: ${at('base.json')}: is of kind model, a patch is wanted; cmoe diff A B -o FILE writes one\n`,
    ])
    const change = { kind: 'changed', meta: { at: ['decoder', 'kvHeads'], from: 2, to: 3 } }
    writeFileSync(at('patch.json'), JSON.stringify({ format: 'cmoe/patch/1', from: hash(mini), to: hash(mini), changes: [change] }))
    const { code, out } = await cmoe(['apply', at('patch.json'), at('base.json')])
    expect([code, out]).toEqual([1, expect.stringContaining('(does-not-divide)')])
  })

  it('print source that does what the patch does', async () => {
    const at = folder()
    await cmoe(['diff', at('base.json'), at('vqa.json'), '--source', '-o', at('edit.ts')])
    const source = readFileSync(at('edit.ts'), 'utf8')
    expect((await cmoe(['diff', at('base.json'), at('vqa.json'), '--source'])).out).toBe(source)
    writeFileSync(at('edit.mts'), source.replace("'cmoe/dsl'", `'${new URL('../../dsl/index.ts', import.meta.url).href}'`))
    const { default: edit } = (await tsImport(pathToFileURL(at('edit.mts')).href, import.meta.url)) as {
      readonly default: (spec: ModelSpec) => Checked<ModelSpec>
    }
    expect(right(edit(mini))).toEqual(vqa)
  })

  it.each([
    [['-o', 'next.ts'], /next\.ts: JSON is written; name it NAME\.json$/],
    [['-o', 'next'], /next: JSON is written; name it NAME\.json$/],
    [['--source', '-o', 'next.json'], /next\.json: a TypeScript module is written; name it NAME\.ts or NAME\.mts$/],
    [['--weights', '-o', 'next.json'], /option '--weights' cannot be used with option '-o, --out <file>'/],
    [['--weights', '--source'], /option '--weights' cannot be used with option '--source'/],
    [['--patch', '--source'], /option '--patch' cannot be used with option '--source'/],
  ])('refuse %s: what was asked for would not be done, or not be read again', async (flags, message) => {
    const at = folder()
    const { code, out, err } = await cmoe([
      'diff',
      at('base.json'),
      at('vqa.json'),
      ...flags.map((flag) => (flag.startsWith('next') ? at(flag) : flag)),
    ])
    expect([code, out, err.split('\n')[0]]).toEqual([2, '', expect.stringMatching(message)])
    expect(['next', 'next.ts', 'next.json'].filter((name) => existsSync(at(name)))).toEqual([])
  })

  it('see a new name where they are asked to look for one', async () => {
    const at = folder()
    expect((await cmoe(['diff', at('vqa.json'), at('charts.json'), '--align'])).out).toBe(
      "= task vqa is called charts\ndecoder.2.ffn.up:\n  = expert vqa.0 is called charts.0\n\n1 task renamed, 1 expert renamed\n\nfunction-preserving: no earlier task's function changes\n",
    )
    expect((await cmoe(['diff', at('vqa.json'), at('charts.json')])).out).toContain('- task vqa')
  })
})

describe('cmoe diff, of what was learnt,', () => {
  const reason = 'router of gqa at decoder.2.ffn.up now sees vqa.0'

  it('says last how severe a patch is, whom it may change, and why', async () => {
    const at = folder()
    expect((await cmoe(['diff', at('base.json'), at('vqa.json')])).out.split('\n\n').at(-1)).toBe(`${grew}\n`)
    expect((await cmoe(['diff', at('vqa.json'), at('wider.json')])).out.split('\n\n').at(-1)).toBe(`forgetting-risk: may change gqa: ${reason}\n`)
  })

  it('says the same as JSON, change by change', async () => {
    const at = folder()
    const { out } = await cmoe(['diff', at('base.json'), at('wider.json'), '--json'])
    expect(JSON.parse(out)).toMatchObject({ severity: 'forgetting-risk', tasks: ['gqa'], errors: [] })
    expect((JSON.parse(out) as Judged).changes.map(({ severity, tasks, reason: why }) => [severity, tasks, why])).toContainEqual([
      'forgetting-risk',
      ['gqa'],
      reason,
    ])
  })

  it('fails a check that does not allow for it, and prints and writes what was asked for all the same', async () => {
    const at = folder()
    const check = (least: string, ...more: readonly string[]) => cmoe(['diff', at('vqa.json'), at('wider.json'), '--fail-on', least, ...more])
    const worse = await check('routing-changing')
    expect([worse.code, worse.err]).toEqual([1, 'cmoe: forgetting-risk, where --fail-on routing-changing allows for less\n'])
    expect(worse.out).toContain(reason)
    expect((await check('forgetting-risk')).err).toBe('cmoe: forgetting-risk, where --fail-on forgetting-risk allows for less\n')
    expect(await check('incompatible')).toMatchObject({ code: 0, err: '' })
    expect(await check('capacity-adding', '--json')).toMatchObject({ code: 1, err: '' })
    expect([(await check('capacity-adding', '-o', at('patch.json'))).code, existsSync(at('patch.json'))]).toEqual([1, true])
    expect((await cmoe(['diff', at('vqa.json'), at('vqa.json'), '--fail-on', 'function-preserving'])).code).toBe(0)
  })

  it('says of a spec that is wrong what is wrong with it', async () => {
    const at = folder()
    writeFileSync(at('wrong.json'), JSON.stringify({ ...vqa, decoder: { ...vqa.decoder, kvHeads: 3 } }))
    const [said, json] = [await cmoe(['diff', at('vqa.json'), at('wrong.json')]), await cmoe(['diff', at('vqa.json'), at('wrong.json'), '--json'])]
    expect(said.out.split('\n').slice(-4, -2)).toEqual([
      'incompatible: may change ocr, gqa, vqa',
      '  incompatible: what comes out is wrong: decoder/kvHeads: 4 heads cannot be shared by 3 key-value heads; 2 and 4 would do (does-not-divide)',
    ])
    expect(JSON.parse(json.out)).toMatchObject({ severity: 'incompatible', errors: [{ path: 'decoder/kvHeads', code: 'does-not-divide' }] })
  })

  it('names the severities where one is asked for that is none', async () => {
    const at = folder()
    const { code, err } = await cmoe(['diff', at('base.json'), at('vqa.json'), '--fail-on', 'breaking'])
    expect([code, err]).toEqual([2, expect.stringContaining('must be one of function-preserving, capacity-adding, routing-changing')])
  })

  it('says what to do about specs that no patch can lead to', async () => {
    const at = folder()
    const twice = { ...vqa, tasks: [...vqa.tasks, { id: 'maps' }, { id: 'maps' }] }
    writeFileSync(at('twice.json'), JSON.stringify(twice))
    const { code, err } = await cmoe(['diff', at('base.json'), at('twice.json')])
    expect([code, err]).toEqual([2, expect.stringContaining('cmoe check says what is wrong with them')])
  })
})

describe('cmoe apply, of a patch that was changed since it was made', () => {
  it('says that it is damaged, and writes nothing', async () => {
    const at = folder()
    await cmoe(['diff', at('base.json'), at('vqa.json'), '-o', at('patch.json')])
    const patch = JSON.parse(readFileSync(at('patch.json'), 'utf8')) as Patch
    writeFileSync(at('patch.json'), JSON.stringify({ ...patch, to: patch.from }))
    const { code, err } = await cmoe(['apply', at('patch.json'), at('base.json'), '-o', at('made.json')])
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/patch\.json: is damaged: of this spec it says to make \w{12}, and it makes \w{12}; make it anew/),
    ])
    expect(existsSync(at('made.json'))).toBe(false)
    // Of another spec it may make what it can.
    expect((await cmoe(['apply', at('patch.json'), at('caption.json')])).code).toBe(0)
  })
})

describe('cmoe merge', () => {
  it('makes one of two growths', async () => {
    const at = folder()
    const { code, out } = await cmoe(['merge', at('base.json'), at('vqa.json'), at('caption.json'), '-o', at('both.json')])
    for (const side of ['vqa.json', 'caption.json']) expect(out).toMatch(new RegExp(`  from ${at(side)}: \\d+ changes, capacity-adding`))
    expect([code, read(at('both.json')).sites[2]?.experts.map(({ id }) => id)]).toEqual([0, ['initial.0', 'initial.1', 'caption.0', 'vqa.0']])
  })

  it('lists every conflict with both sides, exits 1, and writes nothing', async () => {
    const at = folder()
    writeFileSync(at('wide.json'), JSON.stringify({ ...mini, name: 'wide', locator: null }))
    writeFileSync(at('other.json'), JSON.stringify({ ...mini, name: 'other' }))
    const { code, out } = await cmoe(['merge', at('base.json'), at('wide.json'), at('other.json'), '-o', at('both.json')])
    expect([code, out]).toEqual([
      1,
      `${at('wide.json')} and ${at('other.json')} cannot be merged; 1 conflict:\n  name: was "mini"; ours makes it "wide", theirs "other" (merge-conflict)\n`,
    ])
    expect(existsSync(at('both.json'))).toBe(false)
  })
})
