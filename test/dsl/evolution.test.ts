import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rewritten, root } from './page.js'

// `vitest run test/dsl/evolution.test.ts --update` writes the page anew: what its examples print, and what its commands say.
describe('the page on evolution', () => {
  it('shows what its examples print and what its commands say', async () => {
    await expect(await rewritten(readFileSync(root('docs/evolution.md'), 'utf8'))).toMatchFileSnapshot('../../docs/evolution.md')
  })
})
