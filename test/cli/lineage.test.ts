import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { graphLines } from '../../cli/graph-text.js'
import { type Archive, hash, joined, lineageRows, lineageWidth, order } from '../../dsl/index.js'
import { mini } from '../dsl/harness.js'
import { last, line, one, other, start, taught, withMerge } from '../dsl/lineages.js'
import { cmoe } from './harness.js'
import { runOf } from './runs.js'

const short = (version: string): string => version.slice(0, 12)

const [root, vqa, caption] = order(line.lineage).map(({ version }) => short(version)) as [string, string, string]

describe('cmoe lineage', () => {
  it('draws a run: task, policy, what grew, parameters, accuracy and severity of each version', async () => {
    const { code, out } = await cmoe(['lineage', runOf(line, true)])
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        '    version       task     parameters  so far   own  severity',
        `●   ${caption}  caption     +18,770    60.0  50.0  capacity-adding`,
        '│   by by-name: + 1 expert at decoder.2.ffn.up, routers alone at decoder.0-1,3.ffn.up',
        `●   ${vqa}  vqa         +18,642    80.0  80.0  capacity-adding`,
        '│   by by-name: + 1 expert at decoder.2.ffn.up, routers alone at decoder.0-1,3.ffn.up',
        `●   ${root}  base      1,314,564`,
        '',
        'so far: accuracy in percent on the tasks up to there, nobody names the task; own: on the task just learnt.',
        '',
      ],
    ])
  })

  it('draws the base alone, and a run that is not finished', async () => {
    const [base, begun] = [runOf(start, false), runOf(taught(start, mini, 'vqa'), false)]
    expect((await cmoe(['lineage', base])).out).toMatch(
      new RegExp(`●   ${root}  base .*\\n\\n.* is not finished; go on with cmoe resume ${base}\\n$`),
    )
    const { code, out } = await cmoe(['lineage', begun])
    expect([code, out]).toEqual([0, expect.stringContaining(`●   ${vqa}  vqa `)])
    // What the next version is made of is there before it is.
    writeFileSync(join(begun, 'plans/next.json'), readFileSync(join(begun, 'plans/vqa.json')))
    expect((await cmoe(['lineage', begun])).code).toBe(0)
  })

  it('draws runs that share versions as branches', async () => {
    const [a, b] = [runOf(line, true), runOf(other, false)]
    const { out } = await cmoe(['lineage', a, b])
    expect(out.split('\n').flatMap((row) => /^([●│├][ ●│─╯]*?) {2,}\S/u.exec(row)?.[1] ?? [])).toEqual(['●', '│', '│ ●', '│ │', '│ ●', '├─╯', '●'])
    expect(out).toContain(`(${a})`)
    const { runs, versions } = JSON.parse((await cmoe(['lineage', a, b, '--json'])).out) as {
      readonly runs: unknown
      readonly versions: readonly { readonly task: string | null; readonly latestOf: readonly string[]; readonly accuracy: unknown }[]
    }
    expect(runs).toEqual([
      { run: a, finished: true },
      { run: b, finished: false },
    ])
    expect(versions.map(({ task, latestOf }) => [task, latestOf])).toEqual([
      ['charts', [b]],
      ['caption', [a]],
      ['vqa', []],
      [null, []],
    ])
    expect(versions[1]?.accuracy).toEqual([{ run: a, soFar: 60, own: 50 }])
  })

  it('says what is not as it was written, and exits 1', async () => {
    const dir = runOf(line, true)
    rmSync(join(dir, 'patches/vqa.json'))
    const { code, out } = await cmoe(['lineage', dir])
    expect([code, out]).toEqual([1, expect.stringContaining(`${dir}/patches/vqa.json: the lineage names this patch, which is not there; restore it`)])
    rmSync(join(dir, `versions/${hash(last(one))}.json`))
    expect((await cmoe(['lineage', dir])).out).toMatch(/● +[0-9a-f]{12} +vqa +missing/)
  })

  it('writes a page that needs nothing but itself', async () => {
    const dir = runOf(withMerge(joined(line, other), mini, last(line), last(other)), true)
    const file = join(dir, 'lineage.html')
    const { code, out } = await cmoe(['lineage', dir, '--html', file])
    expect([code, out]).toEqual([0, `${file}: 5 versions\n`])
    const page = readFileSync(file, 'utf8')
    expect(page).toMatch(/<meta name="viewport".*default-src &#39;none&#39;.*prefers-color-scheme:dark/s)
    expect(page).not.toMatch(/<script|<link|@import|https?:|url\(/)
    expect(page.match(/<circle/g)).toHaveLength(5)
    // Five edges, of which two bend: into the merge, and out of the base.
    expect(page.match(/<path/g)).toHaveLength(2)
    for (const word of ['merge', 'caption', 'charts', 'base', 'capacity-adding', '60.0%', '+ 1 expert at decoder.2.ffn.up'])
      expect(page).toContain(word)
  })

  it('exits 2 where there is no run, or a file of one cannot be read', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'cmoe-lineage-'))
    expect(await cmoe(['lineage', empty])).toEqual({ code: 2, out: '', err: `cmoe: ${empty}: is no run; a run holds an experiment.json\n` })
    const dir = runOf(line, true)
    expect((await cmoe(['lineage', join(dir, 'lineage.json')])).err).toBe(`cmoe: ${join(dir, 'lineage.json')}: is a file; a run is a folder\n`)
    expect((await cmoe(['lineage', `${dir}:vqa`])).err).toBe(`cmoe: ${dir}:vqa: is a version of a run; name the run, ${dir}\n`)
    expect((await cmoe(['lineage', 'no-such-run'])).err).toBe('cmoe: no-such-run: there is no such file or folder; check the name\n')
    writeFileSync(join(dir, 'plans/vqa.json'), '{')
    const { code, err } = await cmoe(['lineage', dir])
    expect([code, err]).toEqual([2, expect.stringMatching(/plans\/vqa\.json: .*; cmoe verify .* says what else is wrong/)])
    writeFileSync(join(dir, 'plans/vqa.json'), '{"format": "cmoe/plan/1"}')
    const lines = (await cmoe(['lineage', dir])).err.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.filter((line) => !line.startsWith(`cmoe: ${dir}/plans/vqa.json: lacks '`))).toEqual([])
  })
})

const drawing = (archive: Archive): readonly string[] => {
  const rows = lineageRows(archive.lineage)
  return rows.flatMap((row) => graphLines(row, lineageWidth(rows))).map((text) => text.trimEnd())
}

describe('the drawing of a lineage', () => {
  const branches = joined(line, other)

  it('parts branches and joins merges', () => {
    expect(drawing(branches)).toEqual(['●', '│', '│ ●', '│ │', '│ ●', '├─╯', '●', ''])
    const merged = withMerge(branches, mini, last(line), last(other))
    expect(drawing(merged)).toEqual(['●', '├─╮', '│ ●', '│ │', '● │', '│ │', '● │', '╰─┤', '  ●', ''])
  })

  it('keeps every branch in a lane, and crosses those that lie between', () => {
    const wide = taught(joined(branches, taught(start, mini, 'ocr2')), last(line), 'more')
    expect(drawing(wide)).toEqual(['●', '│', '│ ●', '│ │', '│ │ ●', '│ ├─╯', '● │', '│ │', '● │', '╰─┤', '  ●', ''])
    const [entry] = start.lineage.versions
    if (entry === undefined) throw new Error('there is a base')
    expect(graphLines({ entry, lane: 2, through: [0, 1], to: [0], after: [0, 1] }, 3)).toEqual(['│ │ ●', '├─┼─╯'])
  })
})
