import { separate } from 'fp-ts/lib/Array.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, diagnostic, under } from '../diagnostics.js'
import { type Fields, isRecord } from '../json-value.js'
import { at } from '../path.js'
import { type Codec, decodeWith } from '../schema/index.js'

/** One step of a format's history: reads a file of one version in that version's own codec, and writes it as the next. */
export type Step = (json: Fields) => Checked<Fields>

/** A step from the codec of the version that it reads and a pure function. The version in the file is set by `migrate`. */
export const step =
  <A>(reads: Codec<A>, up: (old: A) => Fields): Step =>
  (json) =>
    pipe(json, decodeWith(reads), E.map(up))

/** What is known of the formats of some kinds of file. */
export interface Formats<K extends string> {
  /** The steps of every kind, oldest first: the first reads version 1, the last writes the newest. */
  readonly steps: Readonly<Record<K, readonly Step[]>>
  /** The fields of a kind that hold files of their own, each with its version. */
  readonly parts: (kind: K) => readonly (readonly [field: string, kind: K])[]
}

/** The newest version of a kind. */
export const newest = <K extends string>({ steps }: Formats<K>, kind: K): number => steps[kind].length + 1

/** What a file of a version says of itself. */
export const formatOf = (kind: string, version: number): string => `cmoe/${kind}/${version}`

/** The version of a file of a kind; nothing where it does not say that it is one. */
const versionOf = (kind: string, { format }: Fields): number | undefined => {
  const [, of, version] = typeof format === 'string' ? (/^cmoe\/([a-z-]+)\/([1-9]\d{0,8})$/u.exec(format) ?? []) : []
  return of === kind ? Number(version) : undefined
}

/**
 * A value brought up to the newest version of a kind: its parts first, so that the codecs of old versions share those of the parts; then itself, step by
 * step. What is no file of the kind is left for the codec to refuse.
 */
export const migrate =
  <K extends string>(formats: Formats<K>) =>
  (kind: K) =>
  (json: unknown): Checked<unknown> => {
    const version = isRecord(json) ? versionOf(kind, json) : undefined
    if (!isRecord(json) || version === undefined) return E.right(json)
    const last = newest(formats, kind)
    if (version > last)
      return E.left([diagnostic('newer-format', at(undefined, 'format'), { wanted: formatOf(kind, last), found: formatOf(kind, version) })])
    const left = formats.steps[kind].slice(version - 1).map((next, i) => dated(formatOf(kind, version + i + 1), next))
    return left.reduce<Checked<Fields>>((old, next) => E.chain(next)(old), withParts(formats, kind)(json))
  }

/** A step after which the file says what it is. */
const dated =
  (format: string, next: Step): Step =>
  (json) =>
    pipe(
      next(json),
      E.map((written) => ({ ...written, format })),
    )

const withParts =
  <K extends string>(formats: Formats<K>, kind: K): Step =>
  (json) => {
    const { left, right } = separate(
      formats.parts(kind).map(([field, of]) =>
        pipe(
          migrate(formats)(of)(json[field]),
          E.bimap(
            (found) => found.map(under(field)),
            (part) => (part === json[field] ? [] : [[field, part] as const]),
          ),
        ),
      ),
    )
    if (left.length > 0) return E.left(left.flat())
    const changed = right.flat()
    return E.right(changed.length === 0 ? json : { ...json, ...Object.fromEntries(changed) })
  }
