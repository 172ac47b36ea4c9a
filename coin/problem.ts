import type { FileError } from '../models/formats/files.js'

/** Something wrong with a stream: the file, the record or place in it, what is wrong, and how to mend it. */
export interface Problem {
  readonly file: string
  /** `record 3`, `line 7`, or a place in the manifest; empty where the whole file is meant. */
  readonly place: string
  readonly message: string
}

export const showProblem = ({ file, place, message }: Problem): string => `${file}${place === '' ? '' : `, ${place}`}: ${message}`

export const problemOf = ({ path, message }: FileError): Problem => ({ file: path, place: '', message })

/** Of many problems of one file the first few: a folder that is missing would otherwise be told once a picture. */
export const fewOf = (problems: readonly Problem[], most = 5): readonly Problem[] => {
  const last = problems[most]
  if (last === undefined) return problems
  return [...problems.slice(0, most), { file: last.file, place: '', message: `${problems.length - most} more records are wrong; mend these first` }]
}
