import type { Schedule } from '../../dsl/index.js'

/** The factor of the learning rate at a step (0 first) of `steps`. */
export const factorAt = (schedule: Schedule, step: number, steps: number): number => {
  const warmup = Math.round(schedule.warmup * steps)
  if (step < warmup) return (step + 1) / warmup
  if (schedule.kind === 'constant') return 1
  const share = (step - warmup) / Math.max(1, steps - warmup)
  return schedule.floor + ((1 - schedule.floor) * (1 + Math.cos(Math.PI * share))) / 2
}
