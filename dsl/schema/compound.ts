import type * as t from 'io-ts'
import { diagnostic } from '../diagnostics.js'
import { type Codec, type Reader, codec, fault, within } from './codec.js'
import { isRecord } from '../json-value.js'
import type { Shape } from './shape.js'

type Fields = Readonly<Record<string, Reader>>

const wrongType = (wanted: string, value: unknown, context: t.Context) =>
  fault(value, context, (path) => diagnostic('wrong-type', path, { wanted, found: value }))

const findInFields = (fields: Fields, value: unknown, context: t.Context): readonly t.ValidationError[] => {
  if (!isRecord(value)) return [wrongType('an object', value, context)]
  const known = Object.keys(fields)
  return [
    ...Object.keys(value)
      .filter((key) => !Object.hasOwn(fields, key))
      .map((key) => fault(value[key], context, (path) => diagnostic('unknown-key', path, { key, known }))),
    ...known.flatMap((key) => {
      const field = fields[key]
      if (field === undefined) return []
      return Object.hasOwn(value, key)
        ? within(field, key, value[key], context)
        : [fault(value, context, (path) => diagnostic('missing-key', path, { key }))]
    }),
  ]
}

const shapesOf = (fields: Fields): Readonly<Record<string, Shape>> =>
  Object.fromEntries(Object.entries(fields).map(([key, { shape }]) => [key, shape]))

/** An object with exactly these keys. */
export const struct = <A extends object>(fields: { readonly [K in keyof A]-?: Codec<A[K]> }): Codec<A> => {
  const known: Fields = fields
  return codec('object', { kind: 'struct', fields: shapesOf(known) }, (value, context) => findInFields(known, value, context))
}

/** One of several kinds of object, told apart by `kind`: only the errors of the kind that was named are reported. */
export const tagged = <A extends { readonly kind: string }>(cases: {
  readonly [K in A['kind']]: Codec<Extract<A, { readonly kind: K }>>
}): Codec<A> => {
  const known: Fields = cases
  return codec('tagged', { kind: 'tagged', tag: 'kind', cases: shapesOf(known) }, (value, context) => {
    if (!isRecord(value)) return [wrongType("an object with a 'kind'", value, context)]
    if (!Object.hasOwn(value, 'kind')) return [fault(value, context, (path) => diagnostic('missing-key', path, { key: 'kind' }))]
    const named = typeof value['kind'] === 'string' && Object.hasOwn(known, value['kind']) ? known[value['kind']] : undefined
    return named === undefined ? within(kindOf(Object.keys(known)), 'kind', value['kind'], context) : within(named, '', value, context)
  })
}

const kindOf = (kinds: readonly string[]): Codec<string> =>
  codec('kind', { kind: 'literal', values: kinds }, (value, context) => [
    fault(value, context, (path) => diagnostic('unknown-value', path, { found: value, known: kinds })),
  ])

/** A list; where its elements have an id, places are named by it and never by the index. */
export const list = <A>(of: Codec<A>, key: (keyof A & string) | null = null): Codec<readonly A[]> =>
  codec('list', { kind: 'list', of: of.shape, key }, (value, context) =>
    Array.isArray(value)
      ? value.flatMap((element: unknown, index) => within(of, nameOf(element, key) ?? String(index), element, context))
      : [wrongType('a list', value, context)],
  )

const nameOf = (element: unknown, key: string | null): string | undefined => {
  const name = key !== null && isRecord(element) ? element[key] : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** Exactly two values of one kind. */
export const pair = <A>(of: Codec<A>): Codec<readonly [A, A]> =>
  codec('pair', { kind: 'pair', of: of.shape }, (value, context) =>
    Array.isArray(value) && value.length === 2
      ? value.flatMap((element: unknown, index) => within(of, String(index), element, context))
      : [wrongType('a list of two', value, context)],
  )

export const nullable = <A>(of: Codec<A>): Codec<A | null> =>
  codec('nullable', { kind: 'nullable', of: of.shape }, (value, context) => (value === null ? [] : within(of, '', value, context)))

/** A value that may hold values of its own codec. */
export const recursive = <A>(name: string, of: () => Codec<A>): Codec<A> =>
  codec(name, { kind: 'recursive', name, shape: () => of().shape }, (value, context) => within(of(), '', value, context))
