/** What a codec accepts, as data: the one source of the printer of errors, of JSON Schema and of generated values. */
export type Shape =
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly wanted: string }
  | { readonly kind: 'number'; readonly whole: boolean; readonly least: number; readonly most: number; readonly wanted: string }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'literal'; readonly values: readonly string[] }
  | { readonly kind: 'format'; readonly value: string }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<string, Shape>> }
  | { readonly kind: 'tagged'; readonly tag: string; readonly cases: Readonly<Record<string, Shape>> }
  /** `key` names the field by which elements are told apart, where they have one. */
  | { readonly kind: 'list'; readonly of: Shape; readonly key: string | null }
  | { readonly kind: 'pair'; readonly of: Shape }
  | { readonly kind: 'nullable'; readonly of: Shape }
  /** Any JSON value: what it means is judged where it is put. */
  | { readonly kind: 'json' }
  /** A shape that holds itself somewhere, under a name. */
  | { readonly kind: 'recursive'; readonly name: string; readonly shape: () => Shape }
