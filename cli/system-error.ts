import { explain, showFileError } from '../models/formats/files.js'

/** What the system refuses for reasons that are the user's to mend. A file of ours that is missing is no such reason. */
const refusals: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'])

const field = (error: Error, name: string): string => {
  const value: unknown = Object.entries(Object.getOwnPropertyDescriptors(error)).find(([key]) => key === name)?.[1].value
  return typeof value === 'string' ? value : ''
}

/** The message for an error that is the user's to mend, such as a full disk; undefined for a bug of ours. */
export const systemMistake = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !refusals.has(field(error, 'code'))) return undefined
  const told = explain(field(error, 'dest') || field(error, 'path'), error)
  return told.path === '' ? told.message : showFileError(told)
}
