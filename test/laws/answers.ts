import { invariant } from '../../compiler/invariant.js'
import type { NdArray } from '../../compiler/ops/rule.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import { generateProgram } from '../../compiler/phases/generate.js'
import { scoreVaeProgram } from '../../compiler/phases/locate.js'
import { rotaryAngles } from '../../compiler/plan/rotary.js'
import type { Program } from '../../compiler/program.js'
import { type NdArrays, runReference } from '../../compiler/targets/reference.js'
import type { ModelSpec } from '../../dsl/index.js'
import { numbers } from './carried.js'

const length = 3

const whole = (values: readonly number[]): NdArray => ({ shape: [values.length], data: Float64Array.from(values) })

const positions = Array.from({ length }, (_, i) => i)

/** All that a program reads beside parameters. */
const inputsOf = (model: ModelSpec): NdArrays => {
  const { cos, sin } = rotaryAngles(model.decoder, Int32Array.from(positions))
  const angles = (data: Float32Array): NdArray => ({ shape: [length, model.decoder.headDim / 2], data: Float64Array.from(data) })
  return {
    ids: whole(positions.map((i) => (5 * i + 3) % model.decoder.vocab)),
    visible: whole(positions.map((i) => i + 1)),
    task: whole(positions.map(() => 0)),
    slots: whole(positions),
    last: whole([length - 1]),
    cos: angles(cos),
    sin: angles(sin),
  }
}

const run = (p: Program, bound: NdArrays): readonly number[] => {
  const leaves = Object.fromEntries(
    p.nodes.flatMap((node) => {
      if (node.op !== 'input' && node.op !== 'parameter') return []
      const { name, shape } = node.attributes
      return [[name, bound[name] ?? numbers(shape, name, 3)] as const]
    }),
  )
  const outputs = Object.values(runReference(leaves)(p).outputs).flatMap(({ data }) => [...data])
  invariant(outputs.every(Number.isFinite), 'what is no number is equal to nothing')
  return outputs
}

/** What a model answers, to the bit, when a task is named, and how the task's entry of a VAE bank scores a feature. */
export const answers = (model: ModelSpec, task: string, weights: NdArrays): readonly number[] => [
  ...run(generateProgram(model, { batch: 1, length, pictures: 0, capacity: length }, [task]), { ...weights, ...inputsOf(model) }),
  ...(model.locator?.kind === 'vae' ? run(scoreVaeProgram(model, model.locator, task, 1), weights) : []),
]

/** What the decoder gets to see of a picture. */
export const looks = (model: ModelSpec, weights: NdArrays): readonly number[] => run(featuresProgram(model, 1), weights)
