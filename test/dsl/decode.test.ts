import { describe, expect, it } from 'vitest'
import { decodeModel, decodePolicy, decodeSpec, paper, showDiagnostics } from '../../dsl/index.js'
import { places, mini, right, wrongs } from './harness.js'

const [first] = mini.sites

describe('decoding', () => {
  it('says everything that is wrong, where, and what was meant', () => {
    const json = {
      ...mini,
      nmae: 'mini',
      vision: { ...mini.vision, kind: 'clip-vitt' },
      decoder: { ...mini.decoder, tied: 'no', layers: 2.5, rope: { theta: 0, scaling: { kind: 'yarn' } } },
      sites: [{ ...first, experts: [{ ...first?.experts[0], rank: 0, aplha: 3 }], routers: 'none' }],
      locator: { kind: 'gaussian', feature: 'last-token' },
    }
    expect(showDiagnostics(wrongs(decodeModel(json))).split('\n')).toEqual([
      "has no 'nmae'; its keys are format, name, vision, connector, decoder, tasks, sites, locator; did you mean 'name'? (unknown-key)",
      `vision/kind: must be one of clip-vit, siglip-vit, is "clip-vitt"; did you mean 'clip-vit'? (unknown-value)`,
      'decoder/layers: must be a whole number, 1 or more, is 2.5 (out-of-range)',
      'decoder/tied: must be true or false, is "no" (wrong-type)',
      'decoder/rope/theta: must be a number above 0, is 0 (out-of-range)',
      'decoder/rope/scaling/kind: must be one of linear, llama3, is "yarn" (unknown-value)',
      "sites/decoder.0.ffn.up/experts/initial.0: has no 'aplha'; its keys are id, rank, alpha, origin, task, by, probe; did you mean 'alpha'? (unknown-key)",
      'sites/decoder.0.ffn.up/experts/initial.0/rank: must be a whole number, 1 or more, is 0 (out-of-range)',
      'sites/decoder.0.ffn.up/routers: must be a list, is "none" (wrong-type)',
      "locator: lacks 'ridge' (missing-key)",
    ])
  })

  it.each([[null], [3], ['model'], [[]], [undefined]])('refuses %j as a model', (json) =>
    expect(places(wrongs(decodeModel(json)))).toEqual([['wrong-type', '']]),
  )

  it.each([['../gqa'], ['a/b'], [''], ['.hidden'], ['two words']])('refuses %j as an id: ids become names of files', (id) =>
    expect(places(wrongs(decodeModel({ ...mini, tasks: [{ id }] })))).toEqual([['wrong-type', id === '' ? 'tasks/0/id' : `tasks/${id}/id`]]),
  )

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['1e-5'], [null]])('refuses %j as a number', (epsilon) =>
    expect(wrongs(decodeModel({ ...mini, vision: { ...mini.vision, epsilon } }))).toHaveLength(1),
  )

  it('tells a newer format from a wrong one', () => {
    expect(places(wrongs(decodeModel({ ...mini, format: 'cmoe/model/2' })))).toEqual([['newer-format', 'format']])
    expect(places(wrongs(decodeModel({ ...mini, format: 'cmoe/policy/1' })))).toEqual([['wrong-format', 'format']])
    expect(wrongs(decodePolicy({ ...paper, format: 'cmoe/policy/12' }))[0]?.message).toBe(
      "'cmoe/policy/12' is newer than this cmoe, which reads 'cmoe/policy/1'",
    )
  })

  it('finds the kind of a spec by its format', () => {
    expect(right(decodeSpec(mini))).toEqual(mini)
    expect(right(decodeSpec(paper))).toEqual(paper)
    expect(places(wrongs(decodeSpec({ format: 'cmoe/modle/1' })))).toEqual([['unknown-value', 'format']])
    expect(wrongs(decodeSpec({ format: 'cmoe/modle/1' }))[0]?.suggestion).toBe('cmoe/model/1')
    expect(places(wrongs(decodeSpec([])))).toEqual([['unknown-value', 'format']])
  })

  it('does not take what every object has for a kind', () =>
    expect(places(wrongs(decodeModel({ ...mini, vision: { kind: 'constructor' } })))).toEqual([['unknown-value', 'vision/kind']]))
})
