import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { edits } from '../../dsl/index.js'
import { cmoe, file } from './harness.js'

const page = readFileSync(new URL('../../docs/ablation.md', import.meta.url), 'utf8')

const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, block = '']) => (of === language ? [block] : []))

const folder = (name: string): string => new URL(`../../${name}/index.ts`, import.meta.url).pathname

/** Hashes change with every change of the base; all else has to be as the page says. */
const withoutHashes = (text: string): string => text.replaceAll(/\b[0-9a-f]{12}\b/gu, 'hash').trim()

describe('the page about ablation', { timeout: 240_000 }, () => {
  /** A study of the page, as a file. */
  const written = (place: number): string =>
    file('study.ts', (blocks('ts').at(place) ?? '').replace("'cmoe/dsl'", `'${folder('dsl')}'`).replace("'cmoe/models'", `'${folder('models')}'`))

  it('shows a study that is good, and its list as it is', async () => {
    const path = written(0)
    expect(await cmoe(['check', path])).toEqual({ code: 0, out: `${path}: good\n`, err: '' })
    const { out } = await cmoe(['ablate', path, '--list'])
    expect(withoutHashes(blocks('')[0] ?? '')).toBe(withoutHashes(out))
  })

  it('has a row of figures for everything in the study that was run', async () => {
    const { out } = await cmoe(['ablate', written(-1), '--list', '--json'])
    const { variants } = JSON.parse(out) as { readonly variants: readonly { readonly label: string }[] }
    const table = page.slice(page.indexOf('## A study that was run'))
    const rows = [...table.matchAll(/^\| (\S.*?) +\| +\d/gmu)].map(([, label]) => label)
    expect(rows).toEqual(variants.map(({ label }) => label))
  })

  it('tells how many experiments the study of the paper has', async () => {
    const { out } = await cmoe(['ablate', '--list', '--json'])
    const { variants } = JSON.parse(out) as { readonly variants: readonly unknown[] }
    expect(page).toContain(`in ${variants.length} experiments`)
  })

  it('lists every edit there is', () => {
    const table = page.slice(page.indexOf('| edit '), page.indexOf('## Selectors'))
    const named = [...table.matchAll(/`(\w+)/gu)].map(([, name]) => name)
    const knobs = Object.keys(edits).filter((name) => name.endsWith('Knob'))
    expect(new Set([...named, ...knobs])).toEqual(new Set(Object.keys(edits)))
  })

  it('shows flags that there are', async () => {
    const { out } = await cmoe(['ablate', '--help'])
    const flags = blocks('sh').flatMap((block) => [...block.matchAll(/ (--[a-z]+)/gu)].map(([, flag]) => flag ?? ''))
    expect(flags.length).toBeGreaterThan(3)
    expect(flags.filter((flag) => !out.includes(flag))).toEqual([])
  })
})
