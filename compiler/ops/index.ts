import { type Balance, type BalanceGrad, balance, balanceGrad } from './balance.js'
import { type CrossEntropy, type CrossEntropyGrad, crossEntropy, crossEntropyGrad } from './cross-entropy.js'
import { type Binary, type Scale, type ScaleBy, add, mul, scale, scaleBy } from './elementwise.js'
import { type Gate, type GateGrad, gate, gateGrad } from './gate.js'
import { type Gather, type Put, type ScatterAdd, gather, put, scatterAdd } from './gather.js'
import { type Heads, headMix, headMixTransposed, headScores } from './heads.js'
import { type LayerNorm, type LayerNormGrad, type LayerNormGradScale, layerNorm, layerNormGrad, layerNormGradScale } from './layer-norm.js'
import { type Concat, type Pad, type Reshape, type Slice, concat, pad, reshape, slice } from './layout.js'
import { type Constant, type Input, type Parameter, constant, input, parameter } from './leaf.js'
import { type Map, type MapGrad, map, mapGrad } from './map.js'
import { type MatMul, matMul } from './mat-mul.js'
import { type AdamW, type Average, type ClipFactor, adamW, clipFactor, ema, emaSquare } from './optimiser.js'
import { type RmsNorm, type RmsNormGrad, type RmsNormGradScale, rmsNorm, rmsNormGrad, rmsNormGradScale } from './rms-norm.js'
import { type Rotary, rotary } from './rotary.js'
import { type Route, type RouteGrad, route, routeGrad } from './route.js'
import {
  type Reduction,
  type RepeatColumn,
  type RepeatRow,
  type WithRow,
  addRow,
  columnSum,
  mulRow,
  repeatColumn,
  repeatRow,
  rowSum,
} from './rows.js'
import type { OpRule } from './rule.js'
import { type MaskedSoftmax, type Softmax, type SoftmaxGrad, maskedSoftmax, softmax, softmaxGrad } from './softmax.js'
import { type Fill, type Sum, fill, sum } from './sum.js'
import { type Swiglu, type SwigluGradGate, swiglu, swigluGradGate } from './swiglu.js'

/** The ops: how many inputs each takes and what it is told. */
export interface Signatures {
  readonly adamW: AdamW
  readonly add: Binary
  readonly addRow: WithRow
  readonly balance: Balance
  readonly balanceGrad: BalanceGrad
  readonly clipFactor: ClipFactor
  readonly columnSum: Reduction
  readonly concat: Concat
  readonly constant: Constant
  readonly crossEntropy: CrossEntropy
  readonly crossEntropyGrad: CrossEntropyGrad
  readonly ema: Average
  readonly emaSquare: Average
  readonly fill: Fill
  readonly gate: Gate
  readonly gateGrad: GateGrad
  readonly gather: Gather
  readonly headMix: Heads
  readonly headMixTransposed: Heads
  readonly headScores: Heads
  readonly input: Input
  readonly layerNorm: LayerNorm
  readonly layerNormGrad: LayerNormGrad
  readonly layerNormGradScale: LayerNormGradScale
  readonly map: Map
  readonly mapGrad: MapGrad
  readonly maskedSoftmax: MaskedSoftmax
  readonly matMul: MatMul
  readonly mul: Binary
  readonly mulRow: WithRow
  readonly pad: Pad
  readonly parameter: Parameter
  readonly put: Put
  readonly repeatColumn: RepeatColumn
  readonly repeatRow: RepeatRow
  readonly reshape: Reshape
  readonly rmsNorm: RmsNorm
  readonly rmsNormGrad: RmsNormGrad
  readonly rmsNormGradScale: RmsNormGradScale
  readonly rotary: Rotary
  readonly route: Route
  readonly routeGrad: RouteGrad
  readonly rowSum: Reduction
  readonly scale: Scale
  readonly scaleBy: ScaleBy
  readonly scatterAdd: ScatterAdd
  readonly slice: Slice
  readonly softmax: Softmax
  readonly softmaxGrad: SoftmaxGrad
  readonly sum: Sum
  readonly swiglu: Swiglu
  readonly swigluGradGate: SwigluGradGate
}

export type Op = keyof Signatures

/** A new op is its file, a line above and a line here; every target then fails to compile until it has the kernel. */
export const ops: { readonly [K in Op]: OpRule<Signatures[K]> } = {
  adamW,
  add,
  addRow,
  balance,
  balanceGrad,
  clipFactor,
  columnSum,
  concat,
  constant,
  crossEntropy,
  crossEntropyGrad,
  ema,
  emaSquare,
  fill,
  gate,
  gateGrad,
  gather,
  headMix,
  headMixTransposed,
  headScores,
  input,
  layerNorm,
  layerNormGrad,
  layerNormGradScale,
  map,
  mapGrad,
  maskedSoftmax,
  matMul,
  mul,
  mulRow,
  pad,
  parameter,
  put,
  repeatColumn,
  repeatRow,
  reshape,
  rmsNorm,
  rmsNormGrad,
  rmsNormGradScale,
  rotary,
  route,
  routeGrad,
  rowSum,
  scale,
  scaleBy,
  scatterAdd,
  slice,
  softmax,
  softmaxGrad,
  sum,
  swiglu,
  swigluGradGate,
}
