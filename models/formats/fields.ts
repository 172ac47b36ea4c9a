import { isObject, type Json, type JsonObject } from '../../dsl/json.js'

/**
 * Reads the fields of a configuration, with the value that Hugging Face takes where one is left out. What is wrong is noted and reading goes on, so that
 * all of it can be told at once.
 */
export interface Fields {
  readonly has: (key: string) => boolean
  readonly number: (key: string, fallback?: number) => number
  readonly size: (key: string, fallback?: number) => number
  readonly truth: (key: string, fallback: boolean) => boolean
  /** One of the names that are understood, translated. */
  readonly choice: <A>(key: string, names: Readonly<Record<string, A>>, fallback: string) => A | undefined
  /** The fields of a field; those of an empty object where it is left out. */
  readonly object: (key: string) => Fields
  /** Complains unless the field is left out or has this value, the only one that can be computed with here. */
  readonly only: (key: string, value: Json) => void
  readonly complain: (key: string, message: string) => void
}

export const fieldsOf = (object: JsonObject, problems: string[], path = ''): Fields => {
  const at = (key: string): Json | undefined => (Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined)
  const complain = (key: string, message: string): void => void problems.push(`${path}${key} ${message}`)
  const number = (key: string, fallback?: number): number => {
    const value = at(key) ?? fallback
    if (typeof value === 'number') return value
    complain(key, value === undefined ? 'is left out, and there is no value that it usually has' : `must be a number, is ${JSON.stringify(value)}`)
    return Number.NaN
  }
  return {
    has: (key) => at(key) !== undefined,
    number,
    size: (key, fallback) => {
      const value = number(key, fallback)
      if (Number.isSafeInteger(value) && value > 0) return value
      if (!Number.isNaN(value)) complain(key, `must be a whole number above 0, is ${value}`)
      return Number.NaN
    },
    truth: (key, fallback) => {
      const value = at(key) ?? fallback
      if (typeof value === 'boolean') return value
      complain(key, `must be true or false, is ${JSON.stringify(value)}`)
      return fallback
    },
    choice: (key, names, fallback) => {
      const value = at(key) ?? fallback
      if (typeof value === 'string' && Object.hasOwn(names, value)) return names[value]
      complain(key, `must be one of ${Object.keys(names).join(', ')} here, is ${JSON.stringify(value)}`)
      return undefined
    },
    object: (key) => {
      const value = at(key) ?? {}
      if (!isObject(value)) complain(key, `must be an object, is ${JSON.stringify(value)}`)
      return fieldsOf(isObject(value) ? value : {}, problems, `${path}${key}.`)
    },
    only: (key, value) => {
      const found = at(key)
      if (found !== undefined && found !== value) complain(key, `must be ${JSON.stringify(value)} here, is ${JSON.stringify(found)}`)
    },
    complain,
  }
}
