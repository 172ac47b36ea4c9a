import { diagnostic } from '../diagnostics.js'
import type { Json } from '../json.js'
import { type Codec, codec, fault } from './codec.js'

const textOf = (wanted: string, pattern: RegExp): Codec<string> =>
  codec('text', { kind: 'text', pattern, wanted }, (value, context) =>
    typeof value === 'string' && pattern.test(value)
      ? []
      : [fault(value, context, (path) => diagnostic('wrong-type', path, { wanted, found: value }))],
  )

/** Any text. */
export const text = textOf('text', /^/u)

/** What names a node: it becomes part of file names and of the names of weights, so it is kept to plain letters. */
export const id = textOf("an id (letters, digits, '.', '_', '-'; first a letter or digit)", /^[A-Za-z0-9][A-Za-z0-9._-]*$/u)

/** A SHA-256 in lower-case hex, the name of a version. */
export const hashText = textOf('a SHA-256 in 64 hex digits', /^[0-9a-f]{64}$/u)

interface Range {
  readonly whole?: boolean
  readonly least?: number
  readonly most?: number
}

/** A finite number within bounds, both included. */
export const numberOf = (wanted: string, { whole = false, least = -Number.MAX_VALUE, most = Number.MAX_VALUE }: Range): Codec<number> =>
  codec('number', { kind: 'number', whole, least, most, wanted }, (value, context) => {
    if (typeof value !== 'number') return [fault(value, context, (path) => diagnostic('wrong-type', path, { wanted, found: value }))]
    return value >= least && value <= most && (!whole || Number.isSafeInteger(value))
      ? []
      : [fault(value, context, (path) => diagnostic('out-of-range', path, { wanted, found: value }))]
  })

/** How many, none allowed. */
export const count = numberOf('a whole number, 0 or more', { whole: true, least: 0, most: Number.MAX_SAFE_INTEGER })

/** How many or how wide, at least one. */
export const size = numberOf('a whole number, 1 or more', { whole: true, least: 1, most: Number.MAX_SAFE_INTEGER })

/** A share of a whole. */
export const share = numberOf('a number from 0 to 1', { least: 0, most: 1 })

/** A number above zero. */
export const positive = numberOf('a number above 0', { least: Number.MIN_VALUE })

export const nonNegative = numberOf('a number, 0 or more', { least: 0 })

export const real = numberOf('a number', {})

export const seed = numberOf('a whole number from 0 to 4294967295', { whole: true, least: 0, most: 0xffff_ffff })

export const truth: Codec<boolean> = codec('boolean', { kind: 'boolean' }, (value, context) =>
  typeof value === 'boolean' ? [] : [fault(value, context, (path) => diagnostic('wrong-type', path, { wanted: 'true or false', found: value }))],
)

const isJson = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson)
  return value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** Any JSON value. */
export const json: Codec<Json> = codec('json', { kind: 'json' }, (value, context) =>
  isJson(value) ? [] : [fault(value, context, (path) => diagnostic('wrong-type', path, { wanted: 'a JSON value', found: value }))],
)

/** One of some words. */
export const oneOf = <A extends string>(...values: readonly A[]): Codec<A> =>
  codec('one of', { kind: 'literal', values }, (value, context) =>
    values.some((known) => known === value)
      ? []
      : [fault(value, context, (path) => diagnostic('unknown-value', path, { found: value, known: values }))],
  )

/** The version of a file format, e.g. `cmoe/model/1`. A newer one is told apart from a wrong one. */
export const format = <A extends string>(wanted: A): Codec<A> => {
  const stem = wanted.slice(0, wanted.lastIndexOf('/') + 1)
  const newer = (value: unknown): value is string =>
    typeof value === 'string' && value.startsWith(stem) && Number(value.slice(stem.length)) > Number(wanted.slice(stem.length))
  return codec('format', { kind: 'format', value: wanted }, (value, context) =>
    value === wanted
      ? []
      : [
          fault(value, context, (path) =>
            newer(value) ? diagnostic('newer-format', path, { wanted, found: value }) : diagnostic('wrong-format', path, { wanted, found: value }),
          ),
        ],
  )
}
