import { plural as worded } from '../../dsl/wording.js'

/** A figure in percent, one decimal. */
export const percent = (value: number): string => value.toFixed(1)

/** A change in points: always with its sign, and a true minus. */
export const points = (value: number): string => {
  const text = Math.abs(value).toFixed(1)
  return text === '0.0' ? '0.0' : `${value < 0 ? '−' : '+'}${text}`
}

/** A number with thousands apart. */
export const count = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

/** Two figures that count, for values whose size nobody knows beforehand. */
export const measured = (value: number): string => {
  if (!Number.isFinite(value)) return String(value)
  const text = value === 0 || Math.abs(value) >= 0.0001 ? Number(value.toPrecision(2)).toString() : value.toExponential(1)
  return text.replace('-', '−')
}

/** Seconds as people say them. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  const rest = Math.round(seconds) % 60
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** How many there are of something, with thousands apart. */
export const plural = (many: number, word: string): string => worded(many, word, count(many))
