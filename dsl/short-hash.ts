/** The beginning of a hash, which is enough for people to tell versions apart. */
export const shortHash = (hash: string): string => hash.slice(0, 12)
