/** What the system refused, and what mends it. */
const refusals: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk; make room and try again',
  EDQUOT: 'the quota of the disk is used up; make room and try again',
  EACCES: 'may not be read or written; check its permissions',
  EPERM: 'may not be changed; check its permissions',
  EROFS: 'is on a disk that can only be read; choose another folder',
  ENOTDIR: 'leads through a file that is no folder',
  EISDIR: 'is a folder where a file is wanted',
  ENAMETOOLONG: 'has a name that is too long',
}

const field = (error: Error, name: string): string => {
  const value: unknown = Object.entries(Object.getOwnPropertyDescriptors(error)).find(([key]) => key === name)?.[1].value
  return typeof value === 'string' ? value : ''
}

/** The message for an error that is the user's to mend, such as a full disk; undefined for a bug of ours. */
export const systemMistake = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  const refusal = refusals[field(error, 'code')]
  if (refusal === undefined) return undefined
  const place = field(error, 'dest') || field(error, 'path')
  return place === '' ? refusal : `${place}: ${refusal}`
}
