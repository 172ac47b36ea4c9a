/** An error stops; a warning is only said. */
export type Level = 'error' | 'warning'

/** How bad something is, what is said of it, and what was probably meant. */
interface Message<T> {
  readonly severity: Level
  readonly text: (told: T) => string
  readonly meant?: (told: T) => string | undefined
}

/** The messages of one part of the language, each with what it has to be told. */
export type Messages<T> = { readonly [C in keyof T]: Message<T[C]> }
