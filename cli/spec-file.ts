import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type Spec, decodeSpec, hash, showDiagnostic } from '../dsl/index.js'
import { parseStrictJson } from '../dsl/json.js'
import { attempt, nodeFiles, readText, showFileError } from '../models/formats/files.js'
import { type Mistakes, mistake } from './outcome.js'
import { changed, fileOf } from './version-of.js'

type Read = E.Either<Mistakes, unknown>

/** Why a module could not be run. Where it was not even understood, the first line only counts the errors. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const [first = '', second] = error.message.split('\n')
  return first.startsWith('Transform failed') && second !== undefined ? second.replace(/^.*?:(\d+:\d+): ERROR: /, 'line $1: ') : first
}

const fromJson = async (path: string): Promise<Read> => {
  const text = await readText(nodeFiles)(path)
  if (E.isLeft(text)) return mistake(showFileError(text.left))
  const read = parseStrictJson(text.right)
  return E.isRight(read) ? read : mistake(`${path}:${read.left.line}:${read.left.column}: ${read.left.message}`)
}

const isSpec = (value: unknown): boolean => typeof value === 'object' && value !== null && 'format' in value

/** The default export, or the only export that is a spec. */
const exported = (path: string, module: Readonly<Record<string, unknown>>): Read => {
  const specs = Object.entries(module).filter(([, value]) => isSpec(value))
  const chosen = specs.find(([name]) => name === 'default') ?? (specs.length === 1 ? specs[0] : undefined)
  if (chosen !== undefined) return E.right(chosen[1])
  return specs.length === 0
    ? mistake(`${path}: exports no spec; export one as default`)
    : mistake(`${path}: exports ${specs.map(([name]) => name).join(', ')}; export one of them as default`)
}

/** `export default` of a module without `"type": "module"` arrives one level deeper. */
const unwrapped = (module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const inner = module['default']
  return typeof inner === 'object' && inner !== null && !isSpec(inner) && '__esModule' in inner ? { ...inner } : module
}

const fromModule = async (path: string): Promise<Read> => {
  const found = await attempt(path, () => nodeFiles.readFile(path))
  if (E.isLeft(found)) return mistake(showFileError(found.left))
  try {
    const { tsImport } = await import('tsx/esm/api')
    const module: Readonly<Record<string, unknown>> = await tsImport(pathToFileURL(resolve(path)).href, import.meta.url)
    return exported(path, unwrapped(module))
  } catch (error) {
    return mistake(`${path}: could not be run: ${reasonOf(error)}`)
  }
}

const readers: Readonly<Record<string, (path: string) => Promise<Read>>> = {
  '.json': fromJson,
  '.ts': fromModule,
  '.mts': fromModule,
  '.js': fromModule,
  '.mjs': fromModule,
}

/** Reads what a file holds, whether or not it is a spec. */
export const readValue = async (path: string): Promise<Read> => {
  const reader = readers[extname(path)]
  if (reader !== undefined) return reader(path)
  const found = await attempt(path, () => nodeFiles.stat(path))
  if (E.isLeft(found)) return mistake(showFileError(found.left))
  return mistake(
    found.right.isDirectory()
      ? `${path}: this is a folder, a spec is wanted; a version of a run is RUN:TASK or RUN:base`
      : `${path}: a spec ends in ${Object.keys(readers).join(', ')}`,
  )
}

/** The kind that a value says it is of, whether or not there is such a kind. */
export const kindIn = (value: unknown): string | undefined => {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  return typeof format === 'string' ? /^cmoe\/([a-z]+)\//.exec(format)?.[1] : undefined
}

/** What is meant for another command: as a spec it would only be of an unknown kind. */
const others: Readonly<Record<string, string>> = {
  patch: 'is a patch, a spec is wanted; cmoe show tells what it says, cmoe apply makes a spec of another with it',
  lineage: 'is the lineage of a run, a spec is wanted; cmoe lineage draws it, RUN:TASK is one of its versions',
}

/** What is wrong with a value that is meant for another command. */
export const elsewhere = (path: string, value: unknown): Mistakes => {
  const what = others[kindIn(value) ?? '']
  return what === undefined ? [] : [`${path}: ${what}`]
}

/** Reads a spec of any kind: JSON, or a TypeScript or JavaScript module that exports one. */
export const readSpec = async (name: string): Promise<E.Either<Mistakes, Spec>> => {
  const file = await fileOf(name)
  if (E.isLeft(file)) return file
  const { path, of } = file.right
  const value = await readValue(path)
  if (E.isLeft(value)) return value
  const other = elsewhere(path, value.right)
  if (other.length > 0) return E.left(other)
  const decoded = decodeSpec(value.right)
  if (E.isLeft(decoded)) return mistake(...decoded.left.map((each) => `${path}: ${showDiagnostic(each)}`))
  return of !== undefined && hash(decoded.right) !== of.version ? mistake(changed(path, of.run)) : decoded
}
