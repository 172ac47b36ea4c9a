/** A whole number for people: `1,340,434`. */
export const count = (n: number): string => n.toLocaleString('en-US')

const steps = ['', ' k', ' M', ' G', ' T', ' P'] as const

/** Three figures and a unit of thousands: `8.50 T`. */
export const short = (n: number, step = 0): string =>
  n < 999.5 || step === steps.length - 1 ? `${step === 0 ? n : n.toPrecision(3)}${steps[step] ?? ''}` : short(n / 1000, step + 1)

/** A size in memory: `69.1 kB`. */
export const bytes = (n: number): string => `${short(n)}B`.replace(/^(\d+)B$/u, '$1 B')
