import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Checked, type Diagnostic, diagnostic } from '../diagnostics.js'
import { type Path, at } from '../path.js'
import type { Shape } from './shape.js'

/** An io-ts codec between values and JSON that says what it accepts. Every codec of the language refuses unknown keys. */
export interface Codec<A> extends t.Type<A, unknown> {
  readonly shape: Shape
}

/** The half of a codec that reads. */
export interface Reader extends t.Decoder<unknown, unknown> {
  readonly shape: Shape
}

/** An io-ts error that also knows which diagnostic it is. */
interface Failure extends t.ValidationError {
  readonly problem: (path: Path | undefined) => Diagnostic
}

/** Finds everything wrong with a value; finding nothing means that the value is one of the codec's. */
export type Find = (value: unknown, context: t.Context) => readonly t.ValidationError[]

/** Builds a codec from the one function that finds faults. Specs are JSON already, so decoding keeps the value as it is. */
export const codec = <A>(name: string, shape: Shape, find: Find): Codec<A> =>
  Object.assign(
    new t.Type<A, unknown>(
      name,
      (value): value is A => find(value, []).length === 0,
      (value, context) => {
        const found = find(value, context)
        return found.length === 0 ? t.success(value as A) : t.failures([...found])
      },
      t.identity,
    ),
    { shape },
  )

/** A fault of a value, to be worded where its place is known. */
export const fault = (value: unknown, context: t.Context, problem: Failure['problem']): Failure => ({
  value,
  context,
  message: problem(undefined).message,
  problem,
})

/** What a codec finds in the part of a value under a key. */
export const within = (part: Reader, key: string, value: unknown, context: t.Context): readonly t.ValidationError[] => {
  const checked = part.validate(value, [...context, { key, type: part, actual: value }])
  return E.isLeft(checked) ? checked.left : []
}

const isFailure = (error: t.ValidationError): error is Failure => 'problem' in error

const pathOfContext = (context: t.Context): Path | undefined =>
  context.reduce<Path | undefined>((path, { key }) => (key === '' ? path : at(path, key)), undefined)

const toDiagnostic = (error: t.ValidationError): Diagnostic => {
  const path = pathOfContext(error.context)
  return isFailure(error) ? error.problem(path) : diagnostic('wrong-type', path, { wanted: error.message ?? 'something else', found: error.value })
}

/** Decodes JSON, or lists everything that is wrong with it, each with its place. */
export const decodeWith =
  <A>(type: Codec<A>) =>
  (json: unknown): Checked<A> =>
    E.mapLeft((errors: t.Errors) => errors.map(toDiagnostic))(type.decode(json))
