import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Explanation, hash, oneEpoch } from '../../dsl/index.js'
import { mini } from '../dsl/harness.js'
import { last, line, one, start } from '../dsl/lineages.js'
import { cmoe, file } from './harness.js'
import { runOf } from './runs.js'

const expert = 'sites/decoder.2.ffn.up/experts/vqa.0'

describe('cmoe explain', () => {
  it('says of a node of a run who set it, when, by which rule, and who sees it', async () => {
    const dir = runOf(line, true)
    const { code, out } = await cmoe(['explain', dir, expert])
    expect([code, out]).toEqual([0, expect.stringMatching(/set by +policy by-name, for task vqa.*rule.*decided.*since.*seen by +vqa, caption/s)])
    const { version, set } = JSON.parse((await cmoe(['explain', dir, expert, '--json'])).out) as Explanation
    expect([version, set.version]).toEqual([hash(last(line)), hash(last(one))])
  })

  it('looks at the version that is named, at a run that has only begun, and at a spec', async () => {
    const dir = runOf(line, false)
    expect((await cmoe(['explain', `${dir}:vqa`, expert])).out).toMatch(/seen by +vqa \(1 of 3 tasks\)/)
    expect((await cmoe(['explain', runOf(start, false), 'decoder/width'])).out).toMatch(/set by +the author, in the base/)
    expect((await cmoe(['explain', dir, '/'])).out).toMatch(/^the whole model\n/)
    const spec = file('model.json', JSON.stringify(last(line)))
    expect((await cmoe(['explain', spec, expert])).out).toContain('a spec alone says no more')
    expect((await cmoe(['explain', join(dir, 'experiment.json'), 'decoder/width'])).code).toBe(0)
  })

  it('exits 2 and says what was meant, or what there is', async () => {
    const dir = runOf(line, true)
    const wrong = await cmoe(['explain', dir, 'sites/decoder.2.ffn.up/experts/vqa.1'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining(`did you mean '${expert}'?`)])
    expect((await cmoe(['explain', `${dir}:base`, expert])).err).toContain("there is no 'vqa.0' here")
    expect((await cmoe(['explain', `${dir}:vqb`, expert])).err).toBe(
      `cmoe: ${dir}:vqb: the run has no version after 'vqb', only base, vqa, caption\n`,
    )
    const training = file('training.json', JSON.stringify(oneEpoch))
    expect((await cmoe(['explain', training, 'epochs'])).err).toContain('is a training; a run, a model or an experiment can be explained')
    const forged = runOf(line, true)
    writeFileSync(join(forged, `versions/${hash(mini)}.json`), JSON.stringify({ ...mini, name: 'forged' }))
    expect(await cmoe(['explain', forged, expert])).toMatchObject({ code: 2, err: expect.stringContaining('which is not its name') as unknown })
    writeFileSync(join(dir, `versions/${hash(mini)}.json`), '[]')
    expect((await cmoe(['explain', dir, expert])).code).toBe(2)
  })
})
