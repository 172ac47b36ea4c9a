import { describe, expect, it } from 'vitest'
import {
  type Archive,
  type Explanation,
  type ModelSpec,
  apply,
  archiveOfSpec,
  changes,
  explain,
  hash,
  nothing,
  showDiagnostics,
  showExplanation,
} from '../../dsl/index.js'
import { mini, right, wrongs } from './harness.js'
import { last, line, one } from './lineages.js'

const told = (path: string, archive: Archive = line): Explanation => right(explain(archive, hash(last(archive)))(path))

const short = (model: ModelSpec): string => hash(model).slice(0, 12)

/** An archive and an edit of its latest version. */
const edited = (archive: Archive, ...steps: Parameters<typeof changes.renamed>[]): Archive => {
  const before = last(archive)
  const list = { ...nothing(hash(before)), changes: steps.map((step) => changes.renamed(...step)) }
  const after = right(apply(list)(before))
  const entry = { version: hash(after), parents: [{ version: hash(before), patch: 'edit' }], task: null, plan: null, evidence: null, weights: null }
  return {
    ...archive,
    lineage: { ...archive.lineage, versions: [...archive.lineage.versions, entry] },
    versions: { ...archive.versions, [hash(after)]: after },
    patches: { ...archive.patches, edit: { ...list, to: hash(after) } },
  }
}

describe('why a node is as it is', () => {
  it('is told of an expert: policy, task, version, rule, decision, who sees it', () => {
    expect(showExplanation(told('sites/decoder.2.ffn.up/experts/vqa.0')).split('\n')).toEqual([
      'sites/decoder.2.ffn.up/experts/vqa.0',
      '  is       expert vqa.0 (rank 8, alpha 16, fresh, by by-name)',
      `  set by   policy by-name, for task vqa (3 of 4); version ${short(last(one))}`,
      '  rule     grows at decoder.2.ffn.up',
      '  decided  the site grew: the policy names this site',
      '  since    untouched in 1 later version',
      '  seen by  vqa, caption (2 of 4 tasks)',
    ])
    expect(told('sites/decoder.2.ffn.up/experts/vqa.0/rank')).toMatchObject({ kind: 'value', text: '8', set: { how: 'policy', task: 'vqa' } })
  })

  it('is told of a site: what each task decided, why nothing grew, and what came of it', () => {
    const { set, reasons, touched } = told('sites/decoder.1.ffn.up')
    expect(set).toMatchObject({ how: 'author', version: hash(mini) })
    expect(reasons.map(({ task, decision: { grow, reason } }) => [task, grow, reason])).toEqual([
      ['vqa', false, 'the policy does not name this site'],
      ['caption', false, 'the policy does not name this site'],
    ])
    expect(touched.map(({ task, changes: said }) => [task, said])).toEqual([
      ['vqa', ['+ router of vqa (sees initial.0, initial.1; dense)']],
      ['caption', ['+ router of caption (sees initial.0, initial.1; dense)']],
    ])
    expect(showExplanation(told('sites/decoder.1.ffn.up'))).toContain(
      'vqa      grew nothing, a router over old experts alone: the policy does not name this site',
    )
  })

  it('is told with what was measured, where the policy looks', () => {
    const evidence = line.evidence['evidence/vqa.json']
    if (evidence === undefined) throw new Error('there is evidence')
    const probe = { expert: 'vqa.probe.0', probe: true, frequency: { all: 0.5, answers: 0.25 } }
    const site = { site: 'decoder.2.ffn.up', experts: [probe], knockOut: { gain: 0.3, standardError: 0.01 } }
    const measured = { ...evidence, samples: 40, sites: [site], total: { gain: 0.4, standardError: 0.02 } }
    const archive = { ...line, evidence: { ...line.evidence, 'evidence/vqa.json': measured } }
    expect(showExplanation(told('sites/decoder.2.ffn.up/routers/vqa', archive))).toContain(
      "  measured  evidence/vqa.json, 40 samples: the loss rises by 0.3 ± 0.01 without the site's probes; by 0.4 ± 0.02 without any; vqa.probe.0 was first choice of 0.5 of the tokens, 0.25 of the answer positions",
    )
  })

  it('is told of a task: what it made grow, site by site', () => {
    const { reasons, seenBy, set } = told('tasks/vqa')
    expect(reasons.map(({ decision }) => [decision.site, decision.grow])).toEqual([0, 1, 2, 3].map((n) => [`decoder.${n}.ffn.up`, n === 2]))
    expect([seenBy, set.by, set.ordinal]).toEqual([['vqa'], 'by-name', [3, 4]])
  })

  it('tells an author from a default', () => {
    expect(told('decoder/width').set).toMatchObject({ how: 'author', by: 'author', default: null })
    expect(told('decoder/positions').set.default).toEqual({ builder: 'llama', value: 4096, taken: true })
    expect(told('decoder/kvHeads').set.default).toEqual({ builder: 'llama', value: 4, taken: false })
    expect(told('decoder/rope/theta').set.default).toEqual({ builder: 'llama', value: 10_000, taken: true })
    expect(told('vision/ffn').set.default).toMatchObject({ builder: 'clipVit', taken: true })
    expect(told('connector/width').set.default).toMatchObject({ builder: 'mlp', taken: true })
    expect(told('locator/samples').set.default).toMatchObject({ builder: 'vae', taken: true })
    expect(showExplanation(told('decoder/kvHeads'))).toContain('  default  llama would set 4 where nothing is said')
    expect(showExplanation(told('locator'))).toMatch(/is +locator: a VAE a task.*seen by +all 4 tasks/s)
  })

  it('follows what has another name now to where it came from', () => {
    const experts = ['sites', 'decoder.2.ffn.up', 'experts']
    const archive = edited(line, [experts, 'expert', 'vqa.0', 'letters'], [['tasks'], 'task', 'vqa', 'reading'])
    const { set, touched } = told('sites/decoder.2.ffn.up/experts/letters', archive)
    expect(set).toMatchObject({ how: 'policy', version: hash(last(one)) })
    expect(touched.map(({ changes: said }) => said)).toEqual([['= expert vqa.0 is called letters']])
    expect(told('tasks/reading', archive).set).toMatchObject({ version: hash(last(one)), task: 'vqa' })
    expect(told('sites/decoder.0.ffn.up/routers/reading', archive).set.version).toBe(hash(last(one)))
  })

  it('says what a spec alone knows, and that it knows no more', () => {
    const alone = archiveOfSpec(last(line))
    const text = showExplanation(told('sites/decoder.2.ffn.up/experts/vqa.0', alone))
    expect(text).toContain('set by   policy by-name, for task vqa (3 of 4); a spec alone says no more; its run says when, by which rule and on what')
    expect(told('sites/decoder.0.ffn.up/experts/initial.0', alone).set).toMatchObject({ how: 'author', by: 'author' })
    expect(told('sites/decoder.2.ffn.up/routers/vqa', alone).set).toMatchObject({ how: 'policy', by: 'by-name' })
    // Its task grew nothing that could say who set it.
    expect(told('tasks/ocr', alone).set).toMatchObject({ how: 'unknown', by: null })
    expect(told('tasks/ocr', archiveOfSpec(mini)).set).toMatchObject({ how: 'author' })
  })

  it('refuses a path that leads nowhere, with what was probably meant', () => {
    const meant = (path: string): string => showDiagnostics(wrongs(explain(line, hash(last(line)))(path)))
    expect(meant('sites/decoder.2.ffn.up/experts/vqa.1')).toBe(
      "sites/decoder.2.ffn.up/experts: there is no 'vqa.1' here; there are initial.0, initial.1, vqa.0, caption.0; did you mean 'sites/decoder.2.ffn.up/experts/vqa.0'? (no-such-place)",
    )
    expect(meant('decoder/widht')).toContain("did you mean 'decoder/width'?")
    expect(meant('vqa.0')).toContain("did you mean 'sites/decoder.2.ffn.up/experts/vqa.0'?")
    expect(meant('decoder.2.ffn.up')).toContain("did you mean 'sites/decoder.2.ffn.up'?")
    expect(meant('decoder/width/more')).toContain("there is no 'more' here; there is none")
    expect(wrongs(explain(line, 'nowhere')('decoder')).map(({ code }) => code)).toEqual(['no-such-version'])
  })
})
