/** What the runtime says while it works: plain data, one phase at a time, so that a terminal, a log and a machine can each show it their way. */
export type Progress = Phase | Step | Note | Done

/** Something that takes time begins. */
export interface Phase {
  readonly kind: 'phase'
  /** What is summed up in the run's `seconds`, e.g. 'probe'. */
  readonly phase: string
  readonly task: string | null
  /** What happens and why, in one line. */
  readonly title: string
  /** How many steps there will be; null when nobody knows. */
  readonly steps: number | null
}

/** The phase came further. */
export interface Step {
  readonly kind: 'step'
  readonly done: number
  /** Figures worth watching, e.g. `{ loss: 1.2 }`. */
  readonly values: Readonly<Record<string, number>>
}

/** Something worth knowing, e.g. a decision and the evidence it rests on. */
export interface Note {
  readonly kind: 'note'
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** The phase is over. */
export interface Done {
  readonly kind: 'done'
  readonly phase: string
  readonly task: string | null
  readonly seconds: number
  readonly values: Readonly<Record<string, number>>
}

export type Report = (event: Progress) => void

/** For callers that do not care. */
export const silent: Report = () => undefined

export const phase = (phase: string, task: string | null, title: string, steps: number | null = null): Phase => ({
  kind: 'phase',
  phase,
  task,
  title,
  steps,
})

export const step = (done: number, values: Step['values'] = {}): Step => ({ kind: 'step', done, values })

/** Steps of a phase whose work tells how much more of it is done. */
export const counted = (report: Report): ((more: number) => void) => {
  let done = 0
  return (more) => report(step((done += more)))
}

export const note = (text: string): Note => ({ kind: 'note', level: 'info', text })

export const warning = (text: string): Note => ({ kind: 'note', level: 'warning', text })

export const done = (phase: string, task: string | null, seconds: number, values: Done['values'] = {}): Done => ({
  kind: 'done',
  phase,
  task,
  seconds,
  values,
})
