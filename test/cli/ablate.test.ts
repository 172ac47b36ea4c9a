import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type StudySpec, decodeExperiment, edits, expand, factor, fresh, hash, oneFactor, study } from '../../dsl/index.js'
import { paperStudy } from '../../models/index.js'
import type { StudyRequest } from '../../runtime/index.js'
import { compare } from '../../runtime/study/compare.js'
import { cmoe, file } from './harness.js'

const small = study('small', { base: paperStudy.base, design: oneFactor(factor(edits.rank, 4, 16), edits.locatorOff) })

const saved = (spec: unknown): string => file('study.json', JSON.stringify(spec))

describe('cmoe ablate --list', () => {
  it('shows every variant with its cost, its hash and what it changes', async () => {
    const { code, out } = await cmoe(['ablate', saved(small), '--list'])
    const lines = out.split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^variant +parameters +MFLOPs +hash +what it changes$/)
    expect(lines[1]).toMatch(new RegExp(`^base +[0-9,]+ +[0-9]+ +${hash(small.base).slice(0, 12)}$`))
    expect(lines[2]).toMatch(/^rank = 4 .*policy\/probe\/rank: 8 -> 4; /)
    expect(lines[4]).toMatch(/^locator off .*model\/locator: /)
    expect(out).toContain('the most that one task may add')
  })

  it('gives a machine whole patches and numbers', async () => {
    const { out } = await cmoe(['ablate', saved(small), '--list', '--json'])
    const { variants } = JSON.parse(out) as { variants: readonly { label: string; parameters: number; patch: readonly string[] }[] }
    expect(variants.map(({ label }) => label)).toEqual(['base', 'rank = 4', 'rank = 16', 'locator off'])
    // Four sites, from 128 to 352 wide: a rank costs 480 parameters at each.
    expect((variants[0]?.parameters ?? 0) - (variants[1]?.parameters ?? 0)).toBe(4 * 4 * (128 + 352))
    expect(variants[1]?.patch).toHaveLength(4)
  })

  it("takes the paper's own choices where no study is named: at least twelve variants, those of other sites at the base's size", async () => {
    const { code, out } = await cmoe(['ablate', '--list', '--json'])
    const { variants } = JSON.parse(out) as { variants: readonly { label: string; parameters: number }[] }
    const [base] = variants
    expect(code).toBe(0)
    expect(variants.length).toBeGreaterThan(12)
    const elsewhere = variants.filter(({ label }) => label.startsWith('experts at'))
    expect(elsewhere).toHaveLength(3)
    for (const { parameters } of elsewhere) expect(Math.abs(parameters / (base?.parameters ?? 1) - 1)).toBeLessThanOrEqual(0.05)
  })

  it('says all that is wrong with a study at once', async () => {
    const wrong: StudySpec = { ...small, design: oneFactor(edits.rank(8), edits.rank(400), edits.initialise(fresh)) }
    const { code, out } = await cmoe(['ablate', saved(wrong), '--list'])
    expect(code).toBe(1)
    expect(out).toContain('(edit-vacuous)')
    expect(out).toContain('rank = 400/policy/expert: ')
  })

  it('wants a study', async () => {
    const { code, err } = await cmoe(['ablate', saved(small.base), '--list'])
    expect([code, err]).toEqual([2, expect.stringContaining('is of kind experiment; cmoe ablate wants a study')])
  })
})

describe('cmoe ablate --write', () => {
  it('writes an experiment a variant, and nothing over what is there', async () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'cmoe-study-')), 'variants')
    const { code } = await cmoe(['ablate', saved(small), '--write', dir])
    const files = readdirSync(dir)
    expect(code).toBe(0)
    expect(files.map((name) => name.replace(/-[0-9a-f]{8}\.json$/u, ''))).toEqual(['base', 'locator-off', 'rank-16', 'rank-4'])
    const hashes = files
      .map((name) => decodeExperiment(JSON.parse(readFileSync(join(dir, name), 'utf8'))))
      .map((read) => (E.isRight(read) ? hash(read.right) : ''))
    const expansion = expand()(small)
    expect(new Set(hashes)).toEqual(
      new Set(E.isRight(expansion) ? [hash(small.base), ...expansion.right.variants.map((variant) => variant.hash)] : []),
    )
    expect((await cmoe(['ablate', saved(small), '--write', dir])).err).toContain('is not empty')
  })

  it('is another wish than --list, and both at once are refused', async () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'cmoe-ablate-')), 'variants')
    const { code, err } = await cmoe(['ablate', saved(small), '--list', '--write', dir])
    expect([code, err.split('\n')[0], existsSync(dir)]).toEqual([2, "cmoe: option '--list' cannot be used with option '--write <dir>'", false])
  })

  it('leaves nothing behind where it cannot write', async () => {
    const taken = file('taken', '')
    expect((await cmoe(['ablate', saved(small), '--write', join(taken, 'variants')])).code).toBe(2)
    expect(readdirSync(dirname(taken))).toEqual(['taken'])
  })
})

describe('cmoe ablate', () => {
  it('hands the study to the runtime, and shows its comparison', async () => {
    const asked: StudyRequest[] = []
    const { code, out } = await cmoe(['ablate', saved(small), '--out', 'somewhere', '--seeds', '0,2,2'], {
      runStudy: (request) => {
        asked.push(request)
        return Promise.resolve(E.right(compare('small', ['base', 'rank = 4'], request.seeds, [])))
      },
    })
    expect(code).toBe(0)
    expect(asked[0]).toMatchObject({ dir: 'somewhere', seeds: [0, 2] })
    expect(asked[0]?.expansion.variants).toHaveLength(3)
    expect(out).toContain('rank = 4')
    expect((await cmoe(['ablate', '--seeds', '0,x'])).code).toBe(2)
  })

  it('is a spec like any other: it is checked and shown', async () => {
    expect((await cmoe(['check', saved(small)])).out).toContain('good')
    expect((await cmoe(['check', saved({ ...small, design: oneFactor(edits.rank(8)) })])).code).toBe(1)
    expect((await cmoe(['check', saved({ ...small, design: { ...small.design, stray: 1 } })])).out).toContain("has no 'stray'")
    expect((await cmoe(['show', saved(small)])).out).toContain('study small: experiment paper and its variants')
  })
})
