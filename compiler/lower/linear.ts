import type { Value } from '../program.js'
import type { Scope } from './scope.js'

/** y = x Wᵀ (+ b) of rows x [rows, in]; W [out, in] as PyTorch keeps it. The bias is added where the plan has one. */
export const linear = (scope: Scope, name: string, x: Value): Value => {
  const y = scope.emit('matMul', [x, scope.parameter(`${name}.weight`)], { transposeA: false, transposeB: true })
  return scope.has(`${name}.bias`) ? scope.emit('addRow', [y, scope.parameter(`${name}.bias`)], {}) : y
}

/** LayerNorm with scale and shift. */
export const layerNorm = (scope: Scope, name: string, x: Value, epsilon: number): Value =>
  scope.emit('layerNorm', [x, scope.parameter(`${name}.weight`), scope.parameter(`${name}.bias`)], { epsilon })

/** x reshaped; rows and columns are read in the same order. */
export const reshape = (scope: Scope, x: Value, ...shape: readonly number[]): Value => scope.emit('reshape', [x], { shape })
