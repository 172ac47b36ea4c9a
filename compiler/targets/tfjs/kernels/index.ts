import type { Op, Signatures } from '../../../ops/index.js'
import { balance, balanceGrad } from './balance.js'
import { crossEntropy, crossEntropyGrad } from './cross-entropy.js'
import { map, mapGrad } from './curves.js'
import { add, constant, fill, mul, scale, scaleBy, sum, swiglu, swigluGradGate } from './elementwise.js'
import { gate, gateGrad } from './gate.js'
import { gather, put, scatterAdd } from './gather.js'
import { headMix, headMixTransposed, headScores } from './heads.js'
import type { Kernel } from './kernel.js'
import { concat, pad, reshape, slice } from './layout.js'
import { matMul } from './mat-mul.js'
import { layerNorm, layerNormGrad, layerNormGradScale, rmsNorm, rmsNormGrad, rmsNormGradScale } from './norms.js'
import { adamW, clipFactor, ema, emaSquare } from './optimiser.js'
import { rotary } from './rotary.js'
import { route, routeGrad } from './route.js'
import { addRow, columnSum, mulRow, repeatColumn, repeatRow, rowSum } from './rows.js'
import { maskedSoftmax, softmax, softmaxGrad } from './softmax.js'

/** What a program reads from elsewhere; every other op is computed. */
export type Bound = 'input' | 'parameter'

export const kernels: { readonly [K in Exclude<Op, Bound>]: Kernel<Signatures[K]> } = {
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
