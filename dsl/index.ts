export { type Checked, type Code, type Diagnostic, type Diagnostics, type Level, showDiagnostic, showDiagnostics } from './diagnostics.js'
export {
  type Spec,
  type SpecKind,
  type Specs,
  decodeEvidence,
  decodeExperiment,
  decodeModel,
  decodePlan,
  decodePolicy,
  decodeSpec,
  decodeStudy,
  decodeTraining,
  kindOf,
} from './decode.js'
export { kinds } from './kinds.js'
export { schemaOf } from './schema-of.js'
export { type Path, printPath } from './path.js'
export * from './spec/index.js'
export { hash } from './hash.js'
export { shortHash } from './short-hash.js'
export { type Linear, type LinearSize, type Place, linearSize, linears, parseSite, readSite, siteOf, sitesOf } from './sites.js'
export { check, checkExperiment, checkPolicy, checkSpec, checkTraining, checked } from './check/index.js'
export { decide, grow, largest, view, withProbes } from './growth/index.js'
export * from './build/index.js'
export {
  type Added,
  type Alignment,
  type Change,
  type Changed,
  type Element,
  type Keys,
  type Listed,
  type Merged,
  type Moved,
  type Named,
  type Pair,
  type Parting,
  type Past,
  Patch,
  type Placed,
  type Removed,
  type Renamed,
  type Split,
  type Traced,
  align,
  apply,
  changes,
  concat,
  decodePatch,
  describe,
  diff,
  diffAligned,
  invert,
  merge,
  nothing,
  showPatch,
  showSource,
  simplify,
  titleOf,
  trace,
} from './diff/index.js'
export {
  type Archive,
  Lineage,
  type LineageCode,
  type LineageEntry,
  type LineageFinding,
  type Row as LineageRow,
  type Step as LineageStep,
  type LineageWeights,
  type Parent,
  ancestors,
  checkLineage,
  decodeLineage,
  entryOf,
  inFolder,
  joined,
  lineageFile,
  lineageOf,
  mergeBases,
  order,
  patchBetween,
  rows as lineageRows,
  tips,
  versionFile,
  wayBetween,
  widthOf as lineageWidth,
} from './lineage/index.js'
export {
  type Cause,
  type Effect,
  type Judged,
  type Judgement,
  type Severity,
  judge,
  reaches,
  severities,
  showJudged,
  worst,
} from './severity/index.js'
export { type Explanation, type Measured, type Reason, type Setting, archiveOfSpec, explain, showExplanation } from './explain/index.js'
export { type NodeKind, type Nodes } from './children.js'
export { type Visited, select } from './walk.js'
export { atMost, called, edit, exactly, find, having, is, isNot, nth, one, selectorText, some, under } from './select/index.js'
export { print } from './print.js'
export { criterionText } from './wording.js'
export {
  type Cost,
  type Expansion,
  type LeftOut,
  type Variant,
  baseLabel,
  chain,
  edits,
  expand,
  factor,
  finds,
  lacks,
  leaveOneOut,
  matched,
  named,
  oneFactor,
  optionally,
  product,
  region,
  set,
  study,
  turn,
  turns,
  where,
  zip,
} from './ablation/index.js'
