export { Connector, type ConnectorActivation } from './connector.js'
export {
  type AtLeast,
  Criterion,
  type FrequencyCriterion,
  type KnockOutCriterion,
  type MeanMinusStd,
  type Positions,
  type Threshold,
} from './criterion.js'
export { Decoder } from './decoder.js'
export { Evidence, ExpertEvidence, type Frequency, type KnockOut, SiteEvidence } from './evidence.js'
export { type BaseWeights, type Baseline, ExperimentSpec, type Profile } from './experiment.js'
export { Expert, type Origin } from './expert.js'
export { type DenseGate, Gate, type TopKGate } from './gate.js'
export { type Feature, type GaussianLocator, Locator, type LocatorActivation, type LocatorTraining, type VaeLocator } from './locator.js'
export { ModelSpec } from './model.js'
export { Decision, GrowthPlan, type PlannedExpert, PlannedRouter } from './plan.js'
export { type Count, type Init, type Lora, PolicySpec, type Probe } from './policy.js'
export { type LinearScaling, type Llama3Scaling, Rope, type RopeScaling } from './rope.js'
export { Router } from './router.js'
export { type Filter, type Hits, Selector, type Test } from './selector.js'
export { Site } from './site.js'
export { type FolderStream, type MiniStream, StreamReference, type Wording } from './stream.js'
export {
  type Budget,
  type Constraint,
  type Design,
  type Edit,
  type Knob,
  type Measure,
  type Region,
  type Setting,
  StudySpec,
  type Turning,
} from './study.js'
export { Task } from './task.js'
export { type ConstantSchedule, type CosineSchedule, type Schedule, TrainingSpec } from './training.js'
export { type ClipVit, type SiglipVit, Vision, type VisionActivation } from './vision.js'
