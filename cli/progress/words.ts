import type { Phase } from '../../runtime/progress.js'

/** Figures as a progress line shows them: `loss 1.25, accuracy 64`. */
export const figures = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ')

/** A span of time, short: `8 s`, `2:05 min`, `1:02 h`. */
export const span = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const two = (part: number): string => String(part).padStart(2, '0')
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`
}

/** Seconds until the end, if it goes on as it went. */
export const secondsLeft = (done: number, total: number, elapsed: number): number => (done > 0 ? (elapsed / done) * (total - done) : Number.NaN)

/** Joined by two spaces, leaving out what is empty. */
export const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('  ')

/** A phase's title, with its task in front unless the title says it already. */
export const titled = ({ task, title }: Phase): string => (task === null || title.includes(task) ? title : `${task}: ${title}`)
