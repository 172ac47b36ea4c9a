import { describe, expect, it } from 'vitest'
import { outputOf, scalarOf } from '../../compiler/targets/device.js'

describe('what a run returned', () => {
  const loss = { shape: [], data: Float32Array.of(1.5) }
  const outputs = { loss, diverged: { shape: [], data: Float32Array.of(Number.NaN) }, logits: { shape: [2], data: Float32Array.of(1, 2) } }

  it('is found by its name', () => {
    expect(outputOf(outputs, 'loss')).toBe(loss)
    expect(scalarOf(outputs, 'loss')).toBe(1.5)
    // A loss that is no number is what the run found, not a bug of ours.
    expect(scalarOf(outputs, 'diverged')).toBeNaN()
  })

  it('is never made up', () => {
    expect(() => outputOf(outputs, 'los')).toThrow('bug: the program has no output los')
    expect(() => scalarOf(outputs, 'los')).toThrow('bug: the program has no output los')
    expect(() => scalarOf(outputs, 'logits')).toThrow('bug: the output logits holds 2 numbers, not one')
  })
})
