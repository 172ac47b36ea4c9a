import {
  type StudySpec,
  edits,
  experiment,
  factor,
  fresh,
  matched,
  miniCoin,
  oneFactor,
  paper,
  paperLocator,
  rivalLocator,
  study,
} from '../../dsl/index.js'
import { miniTraining } from '../experiments.js'
import { mini } from '../mini.js'

/** Growth and locator as published, on the mini model. */
const base = experiment({
  name: 'paper',
  model: { ...mini, locator: paperLocator },
  policy: paper,
  stream: miniCoin({ test: 150 }),
  train: miniTraining,
  baselines: [],
})

const sites = edits.expertsAt(mini)

/** As many parameters as the base may add, by turning the rank. */
const asManyParameters = { of: 'parameters', by: edits.rankKnob, within: 0.05 } as const

/**
 * The paper's own choices, one at a time: the threshold's alpha, probes per layer, what new experts start from, their rank, who names the task, the share
 * of the data that probing sees, the weight of load balancing, and where experts sit (at the base's number of parameters).
 */
export const paperStudy: StudySpec = study('paper-choices', {
  base,
  design: oneFactor(
    factor(edits.threshold, 0, 1),
    factor(edits.probes, 2, 3),
    edits.initialise(fresh),
    factor(edits.rank, 2, 4, 16),
    edits.locatorOff,
    edits.zScored(false),
    edits.locator(rivalLocator),
    factor(edits.probeShare, 0.05, 0.2),
    factor(edits.balance, 0, 0.1),
    matched(oneFactor(sites('ffn.down'), sites('ffn.gate', 'ffn.up'), sites('attn.q', 'attn.v')), asManyParameters),
  ),
})
