import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { parseJson, parseStrictJson } from '../../dsl/json.js'

describe('JSON texts', () => {
  it('are read as JSON.parse reads them', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)
        expect(parseStrictJson(text)).toEqual(E.right(JSON.parse(text)))
      }),
    ))

  it('are refused where JSON.parse refuses them', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.nat(), fc.constantFrom('', ',', '}', '"', '\\', '0', 'e', '\n', ']'), (value, place, change) => {
        const text = JSON.stringify(value)
        const at = place % (text.length + 1)
        const broken = text.slice(0, at) + change + text.slice(at + 1)
        const expected = E.tryCatch(
          () => JSON.parse(broken) as unknown,
          () => 'refused',
        )
        const found = parseStrictJson(broken)
        // A key that is there twice and a number beyond all others are what only the strict reader refuses.
        if (E.isLeft(found) && /twice|more than a number/.test(found.left.message)) return
        expect(E.isRight(found) ? found : E.left('refused')).toEqual(expected)
      }),
      { numRuns: 2000 },
    ))

  it.each([
    ['[1,\n 2,\n x]', 3, 2, 'expected a value, found "x"'],
    ['{"a": 1 "b": 2}', 1, 9, `expected ',' or '}' in this object, found "\\""`],
    ['{"a": 1', 1, 8, `expected ',' or '}' in this object, the text ends here`],
    ['["abc', 1, 2, 'this string has no closing quote'],
    ['[1] 2', 1, 5, 'expected nothing more after the value, found "2"'],
    ['{"a":1,\n"a":2}', 2, 1, 'the key "a" is here twice'],
    ['{a:1}', 1, 2, 'expected a string in double quotes, found "a"'],
    ['["\\x"]', 1, 3, 'no such escape'],
    ['{"a": -1e400}', 1, 7, '-1e400 is more than a number can hold'],
    ['', 1, 1, 'expected a value, the text ends here'],
  ])('are told where they break: %j', (text, line, column, message) => {
    expect(parseStrictJson(text)).toEqual(E.left({ line, column, message }))
  })

  it('keep __proto__ as a key of their own', () => {
    const read = parseStrictJson('{"__proto__":{"polluted":1}}')
    expect(E.isRight(read) && Object.keys(read.right as object)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('may have a key twice where nobody asks for strictness', () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual(E.right({ a: 2 }))
    expect(parseJson('{"a":1,}')).toEqual(E.left({ line: 1, column: 8, message: 'expected a string in double quotes, found "}"' }))
  })
})
