import * as E from 'fp-ts/lib/Either.js'
import { costOf } from '../compiler/cost.js'
import { bug } from '../compiler/invariant.js'
import { parameters } from '../compiler/plan/parameters.js'
import { size } from '../compiler/shape.js'
import { type Cost, type ExperimentSpec, type ModelSpec, largest, showDiagnostics } from '../dsl/index.js'

/** The task that growth is reckoned with; its name takes no part in any cost. */
const task = 'any'

const afterOneTask = ({ model, policy }: ExperimentSpec): ModelSpec => {
  const grown = largest(policy, task)(model)
  return E.isRight(grown) ? grown.right : bug(`a checked experiment cannot grow: ${showDiagnostics(grown.left)}`)
}

const total = (model: ModelSpec): number => [...parameters(model).values()].reduce((sum, { shape }) => sum + size(shape), 0)

/** Tokens of text beside the picture of the prompt that is reckoned with. */
const text = 64

/** What an experiment costs, known before it runs: the most parameters that a task may add, and the operations that reading a prompt then takes. */
export const studyCost: Cost = {
  parameters: (experiment) => total(afterOneTask(experiment)) - total(experiment.model),
  flops: (experiment) => costOf(afterOneTask(experiment), text).tasks.find((each) => each.task === task)?.prompt ?? 0,
}
