import { patchSize } from '../../compiler/lower/vision.js'
import { whitening } from '../../compiler/phases/pretrain.js'
import { names } from '../../compiler/plan/names.js'
import type { Store } from '../../compiler/targets/device.js'
import type { Vision } from '../../dsl/index.js'
import { cholesky, covariance, forwardSubstitution, ridged } from '../linear-algebra.js'

/**
 * Puts into the store the map x -> L⁻¹ (x - mean) that gives patches a covariance of one (L Lᵀ = covariance + floor²).
 * Without it the brightness of a patch drowns all else and the tower hardly starts to learn.
 */
export const putWhitening = (store: Store, patches: readonly Float32Array[], floor: number): void => {
  const width = patches[0]?.length ?? 0
  const { mean, covariance: spread } = covariance(patches, width)
  const factor = cholesky(ridged(spread, width, floor ** 2), width)
  const inverse = new Float32Array(width * width)
  for (let j = 0; j < width; j++) {
    const unit = new Float64Array(width)
    unit[j] = 1
    forwardSubstitution(factor, width, unit).forEach((value, i) => (inverse[i * width + j] = value))
  }
  const shift = forwardSubstitution(factor, width, mean)
  store.put(whitening.weight, { shape: [width, width], data: inverse })
  store.put(whitening.bias, { shape: [width], data: Float32Array.from(shift, (value) => -value) })
}

/** Folds the whitening into the patch embedding, which then takes plain patches: W' = W L⁻¹, b' = b - W L⁻¹ mean. */
export const foldWhitening = async (store: Store, vision: Vision): Promise<void> => {
  const pixels = patchSize(vision)
  const weight = `${names.tower.patches}.weight`
  const bias = `${names.tower.patches}.bias`
  const [w, b, white, shift] = await Promise.all([weight, bias, whitening.weight, whitening.bias].map((name) => store.get(name)))
  if (w === undefined || b === undefined || white === undefined || shift === undefined) return
  const folded = new Float32Array(vision.width * pixels)
  const moved = new Float32Array(vision.width)
  for (let o = 0; o < vision.width; o++) {
    let constant = b.data[o] ?? 0
    const row = new Float64Array(pixels)
    for (let k = 0; k < pixels; k++) {
      const factor = w.data[o * pixels + k] ?? 0
      constant += factor * (shift.data[k] ?? 0)
      for (let i = 0; i < pixels; i++) row[i] = (row[i] ?? 0) + factor * (white.data[k * pixels + i] ?? 0)
    }
    folded.set(row, o * pixels)
    moved[o] = constant
  }
  store.put(weight, { shape: w.shape, data: folded })
  store.put(bias, { shape: b.shape, data: moved })
  store.drop(whitening.weight)
  store.drop(whitening.bias)
}
