import { describe, expect, it } from 'vitest'
import { suggest } from '../../dsl/suggest.js'

describe('suggest', () => {
  it.each([
    ['aplha', 'alpha'],
    ['nmae', 'name'],
    ['Ranks', 'rank'],
    ['decoder.0.fnn.up', 'decoder.0.ffn.up'],
    ['decoder.0.ffn.donw', 'decoder.0.ffn.down'],
  ])('takes %s for %s', (word, meant) => expect(suggest(word, ['rank', 'alpha', 'name', 'decoder.0.ffn.up', 'decoder.0.ffn.down'])).toBe(meant))

  it('does not guess at what is far from everything', () => expect(suggest('temperature', ['rank', 'alpha'])).toBeUndefined())
})
