import { describe, expect, it } from 'vitest'
import { paper } from '../../dsl/index.js'
import { canonical, same } from '../../dsl/canonical.js'
import { hash } from '../../dsl/hash.js'

describe('hash', () => {
  it("is that of Python's hashlib over json.dumps(sort_keys=True, separators=(',', ':'))", () =>
    expect(hash(paper)).toBe('9682a3e21b7a4922273ae060d0d433e6e98bad89706866a362096986190488ae'))

  it('changes with every value', () => expect(hash({ ...paper, expert: { rank: 8, alpha: 17 } })).not.toBe(hash(paper)))
})

describe('canonical', () => {
  it('sorts keys at every depth and keeps the order of lists', () =>
    expect(canonical({ b: [2, 1], a: { d: 'ü"', c: null } })).toBe('{"a":{"c":null,"d":"ü\\""},"b":[2,1]}'))

  it('tells apart what only looks alike', () => {
    expect(same(0, false)).toBe(false)
    expect(same('', null)).toBe(false)
    expect(same({ a: 1 }, { a: '1' })).toBe(false)
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  })
})
