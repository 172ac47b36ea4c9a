import { compileFunction } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Checked, type Patch, type Spec, apply, changes, concat, diff, hash, showSource } from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { right } from './right.js'
import { related, specs } from './specs.js'

const cases = 1000

/** What a printed module exports. It is plain JavaScript too, so that a thousand of them are read in a moment. */
const performed = (patch: Patch): ((spec: Spec) => Checked<Spec>) => {
  const source = showSource(patch)
  const body = source.replace(/^import \{ apply, changes \} from 'cmoe\/dsl'\n/u, '').replace('export default', 'return')
  expect(body.length).toBeLessThan(source.length)
  const exported: unknown = compileFunction(body, ['apply', 'changes'])(apply, changes)
  return exported as (spec: Spec) => Checked<Spec>
}

describe.each(Object.entries(specs))('the source of a patch of a %s', (_kind, spec) => {
  it('does what the patch does', { timeout: 600_000 }, () =>
    forAll(
      related(spec),
      ([a, b, c]) => {
        const patch = concat(diff(a, b), diff(b, c))
        expect(hash(right(performed(patch)(a)))).toBe(hash(c))
      },
      cases,
    ),
  )
})
