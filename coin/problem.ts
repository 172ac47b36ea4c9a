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

/** Problems of one file with those that say the same in one: a key that is misspelt is misspelt in every record. */
export const merged = (problems: readonly Problem[]): readonly Problem[] => {
  const counts = new Map<string, { readonly first: Problem; readonly others: number }>()
  for (const problem of problems) {
    const before = counts.get(problem.message)
    counts.set(problem.message, before === undefined ? { first: problem, others: 0 } : { ...before, others: before.others + 1 })
  }
  return Array.from(counts.values(), ({ first, others }) => (others === 0 ? first : { ...first, place: `${first.place} and ${others} more` }))
}

/** Of many problems of one file the first few. */
export const fewOf = (problems: readonly Problem[], most = 5): readonly Problem[] => {
  const last = problems[most]
  if (last === undefined) return problems
  return [...problems.slice(0, most), { file: last.file, place: '', message: `has ${problems.length - most} more mistakes; mend these first` }]
}
