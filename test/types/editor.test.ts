import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compiled } from './editor.js'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

const source = read('wrong-models.test-d.ts')

/** The models of `wrong`, each under the sentence that the editor should say. */
const listing = (/export const wrong = \(\) => \{\n(.*)\n\}/su.exec(source)?.[1] ?? '').replaceAll('@ts-expect-error ', '').replaceAll(/^ {2}/gmu, '')

describe('the editor', () => {
  const { said } = compiled(source.replaceAll('// @ts-expect-error ', '// '))
  const lines = source.split('\n')
  const wanted = lines.flatMap((line, i) => {
    const sentence = / \/\/ @ts-expect-error (.*)$/u.exec(line)?.[1]
    return sentence === undefined ? [] : [{ sentence, line: i + 2, code: lines[i + 1]?.trim() ?? '' }]
  })

  it('knows what people get wrong', () => expect(wanted.length).toBeGreaterThanOrEqual(25))

  it.each(wanted)('says of $code: $sentence', ({ sentence, line }) => {
    const here = said.filter((each) => each.line === line)
    expect(here.map(({ message }) => message)).toEqual([expect.stringContaining(sentence)])
  })

  it('says nothing of what is right', () => {
    const places = new Set(wanted.map(({ line }) => line))
    expect(said.filter(({ line }) => !places.has(line))).toEqual([])
  })

  it('is quoted rightly by the page on the language', () => expect(read('../../docs/language.md')).toContain(`\`\`\`ts\n${listing}\n\`\`\``))
})

const imports =
  "import { at, clipVit, every, expansion, experiment, expert, experts, gaussian, hierarchy, llama, lora, miniCoin, mlp, model, only, router, site, view } from '../../dsl/index.js'\n"

/** A decoder of 32 layers with every site written by hand: 8 tasks, each with an expert of its own and a router over all that were there before. */
const byHand = (): string => {
  const tasks = Array.from({ length: 8 }, (_, k) => `t${k}`)
  const siteText = (layer: number): string =>
    `site('decoder.${layer}.ffn.up', { experts: [${tasks.map((task) => `expert('${task}.0', small)`).join(', ')}], routers: [${tasks
      .map(
        (task, k) =>
          `router('${task}', { sees: [${tasks
            .slice(0, k + 1)
            .map((seen) => `'${seen}.0'`)
            .join(', ')}] })`,
      )
      .join(', ')}] })`
  return `${imports}
const small = lora({ rank: 8 })
export const huge = model('huge', {
  vision: clipVit({ image: 336, patch: 14, width: 1024, layers: 24, heads: 16 }),
  connector: mlp(),
  decoder: llama({ vocab: 32_064, width: 4096, layers: 32, heads: 32, ffn: 11_008 }),
  tasks: [${tasks.map((task) => `'${task}'`).join(', ')}],
  experts: [${Array.from({ length: 32 }, (_, layer) => siteText(layer)).join(',\n')}],
  routing: hierarchy({ tasks: gaussian() }),
})
export const seen = view('t7')(huge)
export const study = experiment({ model: huge, policy: expansion('p', { criterion: only('decoder.31.ffn.up') }), stream: miniCoin() })
`
}

const short = `${imports}
export const short = model('short', {
  vision: clipVit({ image: 336, patch: 14, width: 1024, layers: 24, heads: 16 }),
  connector: mlp(),
  decoder: llama({ vocab: 32_064, width: 4096, layers: 32, heads: 32, ffn: 11_008 }),
  experts: experts({ at: every('ffn.up', 'attn.q'), count: 4, lora: lora({ rank: 8 }) }),
  routing: hierarchy({ tasks: gaussian() }),
})
`

/** Type instantiations beyond those of the language itself: what writing a model costs an editor. A tenth above what was measured. */
const budget = { short: 6_800, byHand: 14_300 } as const

describe('what types cost', () => {
  const language = compiled(`${imports}export const all = { at, clipVit, every, expansion, experiment, expert, experts, gaussian, hierarchy }`)

  it.each([
    ['a model of 32 layers in ten lines', short, budget.short],
    ['a model of 32 layers and 8 tasks by hand', byHand(), budget.byHand],
  ])('stays in its budget: %s', (_, text, most) => {
    const { said, instantiations } = compiled(text)
    expect(said).toEqual([])
    expect(instantiations - language.instantiations).toBeLessThan(most)
    expect(instantiations - language.instantiations).toBeGreaterThan(most / 2)
  })
})
