import type { Json } from './json.js'

/** A JSON object, as far as the compiler can know. */
export type Fields = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The elements of a list of objects; nothing where it is not one. */
export const elements = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : [])

/** What tells an element from its neighbours. */
export const nameIn = (element: Fields, key: string): string => String(element[key])

/** A part of a spec: what specs are made of is JSON, whatever their types say of it. */
export const partOf = (value: unknown): Json => value as Json
