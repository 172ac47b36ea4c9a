import { describe, expect, it } from 'vitest'
import { paper } from '../../dsl/index.js'
import { mini, miniExperiment } from '../../models/index.js'
import { cmoe, file } from './harness.js'

describe('cmoe show --cost', () => {
  it('says what a model costs, part by part and task by task', async () => {
    const { code, out } = await cmoe(['show', '--cost', file('mini.json', JSON.stringify(mini))])
    expect(code).toBe(0)
    expect(out).toMatch(/^decoder +828,544 +3\.31 MB +1\.66 MB$/m)
    expect(out).toMatch(/^all +1,819,008/m)
    expect(out).toMatch(/one picture \(16 tokens\) and 64 tokens of text/)
    expect(out).toMatch(/^the base alone +1,819,008 +108 M +1\.84 M$/m)
  })

  it('says it to machines in numbers, for the model of an experiment too', async () => {
    const { out } = await cmoe(['show', '--cost', '--json', '--text', '16', file('study.json', JSON.stringify(miniExperiment))])
    expect(JSON.parse(out)).toMatchObject({ kind: 'cost', tokens: { visual: 16, text: 16 }, parameters: { decoder: 828_544, experts: 0 } })
  })

  it.each([
    ['a policy', paper, /is a policy; models and experiments have a cost/],
    ['a model that is wrong', { ...mini, decoder: { ...mini.decoder, kvHeads: 3 } }, /does-not-divide/],
  ])('refuses %s', async (_, spec, wanted) => {
    const { code, err } = await cmoe(['show', '--cost', file('spec.json', JSON.stringify(spec))])
    expect([code, err]).toEqual([2, expect.stringMatching(wanted)])
  })

  it('wants one version of a run', async () => {
    const { code, err } = await cmoe(['show', '--cost', '.'])
    expect([code, err]).toEqual([2, expect.stringContaining('.:base')])
  })
})
