type Kinds = { readonly kind: string }

/** One function for every kind of a union; a kind that is forgotten does not compile. */
export type Cases<U extends Kinds, R> = { readonly [K in U['kind']]: (value: Extract<U, { readonly kind: K }>) => R }

/** Dispatches on `kind` through a table. The cast says what the type of the table says: the case under a value's kind takes that value. */
export const match =
  <U extends Kinds, R>(cases: Cases<U, R>) =>
  (value: U): R =>
    (cases[value.kind as U['kind']] as (value: U) => R)(value)
