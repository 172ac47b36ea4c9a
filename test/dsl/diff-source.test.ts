import { describe, expect, it } from 'vitest'
import { type ModelSpec, diff, showPatch, showSource } from '../../dsl/index.js'
import { mini } from './harness.js'

const stronger: ModelSpec = {
  ...mini,
  tasks: [...mini.tasks, { id: 'vqa' }],
  sites: mini.sites.map((site, i) => ({
    ...site,
    experts: site.experts.map((expert, n) => (n === 0 && i !== 2 ? { ...expert, alpha: 32, by: "it's\nme" } : expert)),
  })),
}

describe('a patch in words and as source', () => {
  it('tells once what is done to many sites', () =>
    expect(showPatch(diff(mini, stronger)).split('\n')).toEqual([
      '+ task vqa',
      'decoder.0-1,3.ffn.up:',
      '  ~ experts/initial.0/alpha: 16 -> 32',
      '  ~ experts/initial.0/by: author -> "it\'s\\nme"',
    ]))

  it('is a module that says in its head what it does', () =>
    expect(showSource(diff(mini, stronger)).split('\n')).toEqual([
      "import { apply, changes } from 'cmoe/dsl'",
      '',
      '// + task vqa',
      '// decoder.0-1,3.ffn.up:',
      '//   ~ experts/initial.0/alpha: 16 -> 32',
      '//   ~ experts/initial.0/by: author -> "it\'s\\nme"',
      'export default apply({',
      "  format: 'cmoe/patch/1',",
      expect.stringMatching(/^ {2}from: '[0-9a-f]{64}',$/),
      expect.stringMatching(/^ {2}to: '[0-9a-f]{64}',$/),
      '  changes: [',
      "    changes.added(['tasks'], 'gqa', 'task', { id: 'vqa' }),",
      "    ...['decoder.0.ffn.up', 'decoder.1.ffn.up', 'decoder.3.ffn.up'].flatMap((site) => [",
      "      changes.changed(['sites', site, 'experts', 'initial.0', 'alpha'], 16, 32),",
      "      changes.changed(['sites', site, 'experts', 'initial.0', 'by'], 'author', \"it's\\nme\"),",
      '    ]),',
      '  ],',
      '})',
      '',
    ]))
})
