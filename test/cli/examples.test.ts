import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Archive, hash, lineageOf } from '../../dsl/index.js'
import { mini } from '../../models/index.js'
import { last, taught } from '../dsl/lineages.js'
import { cmoe } from './harness.js'
import { runOf } from './runs.js'

const start: Archive = { lineage: lineageOf(hash(mini)), versions: { [hash(mini)]: mini }, patches: {}, plans: {}, evidence: {} }

/** What the embedded experiment leaves after half of its tasks, as far as its lineage goes. */
const run = runOf(
  ['scienceqa', 'textvqa', 'imagenet', 'gqa'].reduce((archive, task) => taught(archive, last(archive), task), start),
  true,
)

const folder = mkdtempSync(join(tmpdir(), 'cmoe-examples-'))

/** The lines of a command's example that need nothing but that run. */
const examples = async (name: string): Promise<readonly (readonly string[])[]> => {
  const { out } = await cmoe([name, '--help'])
  return [...out.matchAll(/^ {2}\$ cmoe (.*)$/gm)]
    .map(([, line = '']) => line.split(' '))
    .filter((words) => words.every((word) => !/^\w+\.(json|ts|html)$/.test(word) || /^(undo\.json|lineage\.html)$/.test(word)))
    .filter((words) => !words.some((word) => /^runs\/(?!minicoin)/.test(word)))
    .map((words) => words.map((word) => word.replace('runs/minicoin', run).replace(/^(undo\.json|lineage\.html)$/, (file) => join(folder, file))))
}

describe('the examples that a command gives, on the run that npm start leaves,', { timeout: 60_000 }, () => {
  it.each(['diff', 'apply', 'invert', 'lineage', 'explain', 'show'])('work: cmoe %s', async (name) => {
    const lines = await examples(name)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect([line.join(' '), (await cmoe(line)).err]).toEqual([line.join(' '), ''])
    for (const line of lines) expect([line.join(' '), (await cmoe(line)).code]).toEqual([line.join(' '), 0])
  })
})
