import * as t from 'io-ts'

const percentages = t.readonlyArray(t.number)

/** One row of an accuracy matrix: percent, null for tasks that had not come yet. */
const row = t.readonlyArray(t.union([t.number, t.null]))

const Scores = t.readonly(
  t.type({
    /** Row k holds the accuracy on every task after training on task k. */
    matrix: t.readonlyArray(row),
    /** Mean of the last row. */
    last: t.number,
    /** Mean of the diagonal: each task just after it was learnt. */
    mft: t.number,
    /** Mean over k of the mean of row k. */
    maa: t.number,
    /** Mean of last minus just learnt, over all tasks and over all but the last; the latter is null for a single task. */
    bwt: t.readonly(t.type({ overT: t.number, overTMinus1: t.union([t.number, t.null]) })),
  }),
)

/** The figures of a model that was trained once or not at all: one row. */
const Single = t.readonly(t.type({ matrix: t.readonlyArray(percentages), last: t.number }))

const LocatorFigures = t.readonly(
  t.type({
    /** Percent of all test samples whose task was named rightly. */
    accuracy: t.number,
    /** Counts: row = the sample's task, column = the task that was chosen. */
    confusion: t.readonlyArray(t.readonlyArray(t.number)),
  }),
)

const Locator = t.intersection([LocatorFigures, t.readonly(t.type({ rivals: t.readonly(t.record(t.string, LocatorFigures)) }))])

const Parameters = t.readonly(
  t.type({
    base: t.number,
    initial: t.number,
    /** Per task: the experts, routers and locator entry that it brought. */
    added: t.readonlyArray(t.number),
  }),
)

/** `metrics.json`: every figure of a run. Accuracies are percent. */
export const Metrics = t.intersection([
  Scores,
  t.readonly(
    t.type({
      tasks: t.readonlyArray(t.string),
      /** The same model with the task named for it. */
      oracle: t.union([Scores, t.null]),
      zeroShot: t.union([Single, t.null]),
      joint: t.union([Single, t.null]),
      baselines: t.readonly(t.record(t.string, Scores)),
      locator: t.union([Locator, t.null]),
      parameters: Parameters,
      /** Per phase. */
      seconds: t.readonly(t.record(t.string, t.number)),
    }),
  ),
])

export type Metrics = t.TypeOf<typeof Metrics>
export type Scores = t.TypeOf<typeof Scores>
export type Single = t.TypeOf<typeof Single>
export type LocatorFigures = t.TypeOf<typeof LocatorFigures>
