import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { childrenOf } from './children.js'
import { type Checked, diagnostic } from './diagnostics.js'
import { isRecord } from './json-value.js'
import { type Spec, type SpecKind, type Specs, codecs, isKind, kinds } from './kinds.js'
import { type Formats, formatOf, migrate, newest, steps } from './migrate/index.js'
import { at } from './path.js'
import { decodeWith } from './schema/index.js'

export type { Spec, SpecKind, Specs }

/** The formats of every kind of spec; the parts of a spec are those children that are specs themselves. */
const formats: Formats<SpecKind> = {
  steps,
  parts: (kind) => childrenOf(kind).flatMap(([field, child]) => (isKind(child.kind) ? [[field, child.kind] as const] : [])),
}

/** What a file of a kind says that is written now. */
export const newestFormat = (kind: SpecKind): string => formatOf(kind, newest(formats, kind))

/** `$schema` tells an editor where the JSON Schema lies; it is a note on the file, and no part of the spec. */
const withoutNote = (json: unknown): unknown => {
  if (!isRecord(json) || typeof json['$schema'] !== 'string') return json
  const { $schema: _, ...spec } = json
  return spec
}

const reader =
  <K extends SpecKind>(kind: K) =>
  (json: unknown): Checked<Specs[K]> =>
    pipe(json, withoutNote, migrate(formats)(kind), E.chain(decodeWith(codecs[kind])))

/**
 * Each kind of spec from JSON: the value, or everything that is wrong with its form. Files of older versions are brought up to date first.
 * What it means is for `check` to judge.
 */
export const decodeModel = reader('model')
export const decodePolicy = reader('policy')
export const decodeEvidence = reader('evidence')
export const decodePlan = reader('plan')
export const decodeTraining = reader('training')
export const decodeExperiment = reader('experiment')
export const decodeStudy = reader('study')

const kindIn = (format: unknown): SpecKind | undefined => {
  const kind = typeof format === 'string' ? format.split('/')[1] : undefined
  return isKind(kind) ? kind : undefined
}

/** Decodes a spec of any kind, by its `format`. */
export const decodeSpec = (json: unknown): Checked<Spec> => {
  const format = isRecord(json) ? json['format'] : undefined
  const kind = kindIn(format)
  return kind === undefined
    ? E.left([diagnostic('unknown-value', at(undefined, 'format'), { found: format, known: kinds.map(newestFormat) })])
    : reader(kind)(json)
}

/** Which kind of spec it is, by its `format`. */
export const kindOf = (spec: Spec): SpecKind => {
  const kind = kindIn(spec.format)
  if (kind === undefined) throw new Error(`bug: '${spec.format}' is the format of no spec`)
  return kind
}
