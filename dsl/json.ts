import * as E from 'fp-ts/lib/Either.js'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export type JsonObject = { readonly [key: string]: Json }

export const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json)

/** Where a text stops being JSON, and what was wrong there. Lines and columns count from 1. */
export interface JsonError {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Reads a JSON text. Of a key that is there twice the last one counts, as everywhere in JavaScript. */
export const parseJson = (text: string): E.Either<JsonError, Json> => {
  try {
    return E.right(JSON.parse(text) as Json)
  } catch {
    return parseStrictJson(text)
  }
}

/** Reads a JSON text in which every object has each key once and every number is finite. `__proto__` is a key like any other. */
export const parseStrictJson = (text: string): E.Either<JsonError, Json> => {
  const reader = jsonReader(text)
  try {
    return E.right(reader.document())
  } catch (error) {
    const failure = reader.failure()
    if (failure === undefined) throw error
    return E.left({ ...lineAndColumn(text, failure.at), message: failure.message })
  }
}

/** The line and column of a character of a text, both from 1. */
const lineAndColumn = (text: string, at: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plain = /[ !#-[\]-\uffff]*/y
const space = /[ \t\n\r]*/y
const word = /[A-Za-z]+/y
const hex = /[0-9a-fA-F]{4}/y
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null }
const deepest = 512

const jsonReader = (text: string) => {
  let at = 0
  let failed: { readonly at: number; readonly message: string } | undefined

  // The throw unwinds the nested readers; parseStrictJson turns it into a value.
  const stop = (message: string, where = at): never => {
    failed = { at: where, message }
    throw new SyntaxError(message)
  }
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const seen = (): string => (at < text.length ? `found ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}` : 'the text ends here')
  const next = (): string | undefined => {
    take(space)
    return text[at]
  }
  const expect = (character: string, message: string): void => {
    if (next() !== character) stop(`${message}, ${seen()}`)
    at += 1
  }

  const string = (): string => {
    const start = at
    expect('"', 'expected a string in double quotes')
    let value = take(plain)
    while (text[at] === '\\') {
      const escape = text[at + 1] ?? ''
      at += 2
      value +=
        (escape === 'u' ? String.fromCharCode(Number.parseInt(take(hex) || stop('\\u wants four hexadecimal digits'), 16)) : escapes[escape]) ??
        stop('no such escape', at - 2)
      value += take(plain)
    }
    if (at >= text.length) stop('this string has no closing quote', start)
    if (text[at] !== '"') stop('a line break or control character inside a string must be written as an escape')
    at += 1
    return value
  }

  const array = (depth: number): Json => {
    const items: Json[] = []
    at += 1
    if (next() === ']') at += 1
    else {
      do items.push(value(depth))
      while (more(']', 'this list'))
    }
    return items
  }

  const object = (depth: number): Json => {
    const entries: Record<string, Json> = {}
    at += 1
    if (next() === '}') at += 1
    else {
      do {
        next()
        const start = at
        const key = string()
        if (Object.hasOwn(entries, key)) stop(`the key ${JSON.stringify(key)} is here twice`, start)
        expect(':', `expected ':' after the key ${JSON.stringify(key)}`)
        Object.defineProperty(entries, key, { value: value(depth), enumerable: true, configurable: true, writable: true })
      } while (more('}', 'this object'))
    }
    return entries
  }

  const more = (close: string, what: string): boolean => {
    const found = next()
    if (found !== ',' && found !== close) stop(`expected ',' or '${close}' in ${what}, ${seen()}`)
    at += 1
    return found === ','
  }

  const value = (depth: number): Json => {
    if (depth > deepest) stop(`nested deeper than ${deepest}`)
    const first = next()
    if (first === '{') return object(depth + 1)
    if (first === '[') return array(depth + 1)
    if (first === '"') return string()
    const start = at
    const digits = take(number)
    if (digits !== '') return Number.isFinite(Number(digits)) ? Number(digits) : stop(`${digits} is more than a number can hold`, start)
    const name = take(word)
    if (Object.hasOwn(words, name)) return words[name] ?? null
    at = start
    return stop(`expected a value, ${seen()}`)
  }

  const document = (): Json => {
    const whole = value(0)
    if (next() !== undefined) stop(`expected nothing more after the value, ${seen()}`)
    return whole
  }

  return { document, failure: () => failed }
}
