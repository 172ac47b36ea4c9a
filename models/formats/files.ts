import { link, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'

/** What is wrong with a file, and what to do about it, in one sentence. */
export interface FileError {
  readonly path: string
  readonly message: string
}

/** What this code asks of an open file. */
export interface OpenFile {
  readonly read: (buffer: Uint8Array, offset: number, length: number, position: number) => Promise<{ readonly bytesRead: number }>
  readonly write: (buffer: Uint8Array, offset: number, length: number) => Promise<{ readonly bytesWritten: number }>
  readonly stat: () => Promise<{ readonly size: number }>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What this code asks of a file system: a record, so that a test can hand in a disk that is full. */
export interface Files {
  /** `wx` makes a new file and fails where there is one. */
  readonly open: (path: string, flags: 'r' | 'wx') => Promise<OpenFile>
  readonly readFile: (path: string) => Promise<Uint8Array>
  readonly rename: (from: string, to: string) => Promise<void>
  /** Gives a file a second name, and fails where that name is taken. */
  readonly link: (from: string, to: string) => Promise<void>
  /** Removes a file; one that is not there is fine. */
  readonly remove: (path: string) => Promise<void>
  readonly stat: (path: string) => Promise<{ readonly size: number; readonly isDirectory: () => boolean; readonly isFile: () => boolean }>
  /** Where a path leads, links followed. */
  readonly realpath: (path: string) => Promise<string>
}

export const nodeFiles: Files = {
  open: (path, flags) => open(path, flags),
  readFile: (path) => readFile(path),
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  stat: (path) => stat(path),
  realpath: (path) => realpath(path),
}

/** What an error of the operating system means to the user. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the name',
  EACCES: 'permission denied; change its owner or mode, or choose another place',
  EPERM: 'the operation is not permitted; change its owner or mode, or choose another place',
  EROFS: 'the file system is read-only; choose another place',
  ENOSPC: 'no space left on the disk; free some and run again, nothing half-written was kept',
  EDQUOT: 'the disk quota is used up; free some space and run again, nothing half-written was kept',
  EFBIG: 'the file is too large for its file system; choose another place',
  EISDIR: 'this is a folder, a file is wanted',
  ENOTDIR: 'a part of this path is a file, a folder is wanted',
  ENAMETOOLONG: 'this name is too long; choose a shorter one',
  EEXIST: 'it is there already; remove it or choose another name',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  EIO: 'the disk reports an input/output error; check it',
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** An error of the operating system as a value; anything else is a bug of ours and is thrown on. */
export const explain = (path: string, error: unknown): FileError => {
  const code = codeOf(error)
  const reason = reasons[code]
  if (reason !== undefined) return { path, message: reason }
  if (/^E[A-Z0-9]+$/.test(code) && error instanceof Error) return { path, message: error.message }
  throw error
}

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'

export const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST'

/** Whether a file system answered that it has no second names for files. */
export const isWithoutLinks = (error: unknown): boolean => ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes(codeOf(error))

/** Runs a piece of file work; what the operating system refuses becomes a value. */
export const attempt = async <A>(path: string, work: () => Promise<A>): Promise<E.Either<FileError, A>> => {
  try {
    return E.right(await work())
  } catch (error) {
    return E.left(explain(path, error))
  }
}

export const showFileError = ({ path, message }: FileError): string => `${path}: ${message}`

/** A file's text. Bytes that are not UTF-8 are an error, not question marks. */
export const readText =
  (files: Files) =>
  async (path: string): Promise<E.Either<FileError, string>> => {
    const bytes = await attempt(path, () => files.readFile(path))
    if (E.isLeft(bytes)) return bytes
    try {
      return E.right(new TextDecoder('utf-8', { fatal: true }).decode(bytes.right))
    } catch {
      return E.left({ path, message: 'this is not UTF-8 text; save it as UTF-8' })
    }
  }
