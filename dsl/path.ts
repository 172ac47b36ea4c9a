/** Where a node is: a linked list, cheap to extend while walking, printed only when somebody reads it. */
export interface Path {
  readonly parent: Path | undefined
  readonly key: string
}

/** One step deeper. */
export const at = (parent: Path | undefined, key: string): Path => ({ parent, key })

/** The path of a list of keys, outermost first. */
export const pathOf = (keys: readonly string[], parent?: Path): Path | undefined => keys.reduce<Path | undefined>(at, parent)

/** The keys of a path, outermost first. */
export const keys = (path: Path | undefined): readonly string[] => (path === undefined ? [] : [...keys(path.parent), path.key])

/** As people read it: `sites/decoder.3.ffn.up/experts/gqa.0`. */
export const printPath = (path: Path | undefined): string => keys(path).join('/')
