import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  type Checked,
  Selector,
  atLeast,
  atMost,
  called,
  edit,
  exactly,
  experiment,
  find,
  having,
  is,
  isNot,
  miniCoin,
  nth,
  one,
  paper,
  printPath,
  selectorText,
  some,
  under,
} from '../../dsl/index.js'
import { decodeWith } from '../../dsl/schema/index.js'
import { mini, places, right, wrongs } from './harness.js'

const study = experiment({ model: mini, policy: paper, stream: miniCoin() })

const paths = (selector: Selector, spec: Parameters<ReturnType<typeof find>>[0] = mini): readonly string[] =>
  right(find(selector)(spec)).map(({ path }) => printPath(path))

const messages = (result: Checked<unknown>): readonly string[] =>
  wrongs(result).map(({ message, suggestion }) => `${message}${suggestion === undefined ? '' : `; ${suggestion}?`}`)

describe('a selector', () => {
  it('finds nodes by kind, name, field and place, each with its path', () => {
    expect(paths(one('locator'))).toEqual(['locator'])
    expect(paths(one('locator'), study)).toEqual(['model/locator'])
    expect(paths(pipe(exactly(4, 'expert'), called('initial.1')))).toEqual([0, 1, 2, 3].map((n) => `sites/decoder.${n}.ffn.up/experts/initial.1`))
    expect(paths(pipe(exactly(2, 'expert'), under('sites/decoder.2.ffn.up')))).toEqual([
      'sites/decoder.2.ffn.up/experts/initial.0',
      'sites/decoder.2.ffn.up/experts/initial.1',
    ])
    expect(paths(pipe(some('router'), having('task', is('ocr')), under('sites/decoder.0.ffn.up')))).toEqual(['sites/decoder.0.ffn.up/routers/ocr'])
    expect(paths(pipe(some('router'), having('task', isNot('ocr')), nth(-1)))).toEqual(['sites/decoder.3.ffn.up/routers/gqa'])
    expect(paths(pipe(exactly(8, 'expert'), having('rank', atLeast(8)), having('rank', atMost(8))))).toHaveLength(8)
    expect(paths(pipe(one('expert'), nth(2)))).toEqual(['sites/decoder.1.ffn.up/experts/initial.0'])
  })

  it('takes a path for whole names, not for the beginning of one', () =>
    expect(wrongs(find(pipe(some('expert'), under('sites/decoder.1')))(mini)).map(({ code }) => code)).toEqual(['finds-nothing']))

  it('reads as what it finds', () => {
    expect(selectorText(pipe(one('expert'), called('gqa.0'), under('sites/decoder.3.ffn.up')))).toBe(
      "expert called 'gqa.0' under sites/decoder.3.ffn.up (one)",
    )
    expect(selectorText(pipe(exactly(2, 'router'), having('task', isNot('gqa')), nth(-1)))).toBe(
      'router with task not "gqa" number 1 from the end (exactly 2)',
    )
  })

  it('is data: it survives a file, and refuses what it does not know', () => {
    const selector = pipe(exactly(2, 'expert'), having('rank', atMost(8)), under('sites'), called('initial.0'))
    expect(right(decodeWith(Selector)(JSON.parse(JSON.stringify(selector))))).toEqual(selector)
    expect(places(wrongs(decodeWith(Selector)({ ...selector, stray: 1 })))).toEqual([['unknown-key', '']])
    expect(messages(decodeWith(Selector)({ ...selector, node: 'expret' }))[0]).toContain('expert?')
    expect(places(wrongs(decodeWith(Selector)({ ...selector, filters: [{ kind: 'id', id: 'a', of: 1 }] })))).toEqual([['unknown-key', 'filters/0']])
  })
})

describe('a selector that finds another number than it says', () => {
  it('names itself, what it found, and where', () => {
    expect(messages(find(pipe(one('router'), called('ocr')))(mini))).toEqual([
      `router called 'ocr' (one) finds 4 where it has to find one: ${[0, 1, 2, 3].map((n) => `sites/decoder.${n}.ffn.up/routers/ocr`).join(', ')}`,
    ])
    expect(messages(find(exactly(7, 'expert'))(mini))[0]).toContain('finds 8 where it has to find exactly 7')
  })

  it('names the filter that left nothing, what there is instead, and what was probably meant', () => {
    expect(messages(find(pipe(one('expert'), under('sites/decoder.3.ffn.up'), called('initial.l')))(mini))).toEqual([
      "expert under sites/decoder.3.ffn.up called 'initial.l' (one) finds nothing: of 2 none is called 'initial.l'; there are initial.0, initial.1; initial.0?",
    ])
    expect(messages(find(pipe(some('expert'), under('sites/decoder.3.fnf.up')))(mini))[0]).toContain('sites/decoder.3.ffn.up?')
    expect(messages(find(pipe(some('expert'), having('rank', is(4))))(mini))).toEqual([
      'expert with rank 4 (some) finds nothing: of 8 none is with rank 4; there is 8',
    ])
    expect(messages(find(pipe(some('expert'), nth(8)))(mini))[0]).toContain('of 8 none is number 9')
    expect(messages(find(one('probe'))(mini))).toEqual(['probe (one) finds nothing: there is no probe here'])
  })
})

describe('an edit', () => {
  it('changes what was selected, and keeps all else as it is', () => {
    const edited = right(edit(pipe(one('expert'), under('sites/decoder.2.ffn.up'), called('initial.1')), (expert) => ({ ...expert, rank: 4 }))(mini))
    expect(edited.sites[2]?.experts.map(({ rank }) => rank)).toEqual([8, 4])
    expect(edited.sites[3]).toBe(mini.sites[3])
    expect(edited.decoder).toBe(mini.decoder)
    expect(mini.sites[2]?.experts[1]?.rank).toBe(8)
  })

  it('changes all that was selected, in any spec', () => {
    const edited = right(edit(some('expert'), (expert) => ({ ...expert, rank: 2 * expert.rank }))(study))
    expect(edited.model.sites.flatMap(({ experts }) => experts.map(({ rank }) => rank))).toEqual(Array.from({ length: 8 }, () => 16))
    expect(right(edit(one('threshold'), () => ({ kind: 'at-least', value: 0.3 }))(study)).policy.criterion).toMatchObject({ above: { value: 0.3 } })
  })

  it('does nothing where the selector finds another number', () =>
    expect(places(wrongs(edit(one('expert'), (expert) => ({ ...expert, rank: 4 }))(mini)))).toEqual([['finds-another-number', '']]))

  it('looks at the whole again: its form and its meaning', () => {
    expect(places(wrongs(edit(one('probe'), (probe) => ({ ...probe, rank: 0 }))(study)))).toEqual([['out-of-range', 'policy/probe/rank']])
    expect(places(wrongs(edit(one('lora'), (lora) => ({ ...lora, rank: 400 }))(study)))).toEqual([['rank-too-large', 'policy/expert']])
  })
})
