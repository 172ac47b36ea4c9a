import * as tf from '@tensorflow/tfjs-core'
import { bug } from '../../invariant.js'
import type { Program } from '../../program.js'
import { type Bind, replayer } from '../tfjs/replay.js'
import { derive, dy } from './derive.js'

/** The tensors of a program's leaves, by name. */
export type Leaves = Readonly<Record<string, tf.Tensor>>

/** Runs a program with the output `y` on the active tfjs backend; on a tape, with a gradient for the leaves named in `wanted`. */
export type Runner = (leaves: Leaves, wanted: readonly string[]) => tf.Tensor

/** A runner of one program. What a tape needs is derived when first asked for, once per set of wanted leaves. */
export const runner = (p: Program): Runner => {
  const plain = replayer(p)
  const taped = new Map<string, Runner>()
  return (leaves, wanted) => {
    if (!tf.engine().isTapeOn() || wanted.length === 0) return outputOf(plain(bindTo(leaves)).outputs, 'y')
    const key = wanted.join(' ')
    const before = taped.get(key) ?? tapedRunner(p, wanted)
    taped.set(key, before)
    return before(leaves, wanted)
  }
}

/** tfjs sees one step with a gradient of its own; both are our programs, so that nothing in between is on its tape. */
const tapedRunner = (p: Program, wanted: readonly string[]): Runner => {
  const { forward, kept, backward } = derive(p, new Set(wanted))
  const [replayForward, replayBackward] = [replayer(forward), replayer(backward)]
  return (leaves) => {
    const names = Object.keys(leaves)
    const step = tf.customGrad((...given: readonly (tf.Tensor | tf.GradSaveFunc)[]) => {
      const save = given.at(-1)
      if (typeof save !== 'function') return bug('tfjs handed over nothing to save with')
      const { outputs } = replayForward(bindTo(leaves))
      save([...Object.values(leaves), ...kept.map((name) => outputOf(outputs, name))])
      return {
        value: outputOf(outputs, 'y'),
        gradFunc: (gradient: tf.Tensor, saved: readonly tf.Tensor[]) => {
          const held = Object.fromEntries([...names, ...kept].map((name, i) => [name, saved[i] ?? bug(`${name} was not saved`)]))
          const { outputs: gradients } = replayBackward(bindTo({ ...held, [dy]: gradient }))
          return wanted.map((name) => gradients[name] ?? tf.zerosLike(leaves[name] ?? bug(`${name} is no leaf`)))
        },
      }
    })
    return step(...wanted.map((name) => leaves[name] ?? bug(`${name} is no leaf`)))
  }
}

const bindTo =
  (leaves: Leaves): Bind =>
  ({ attributes: { name } }) =>
    leaves[name] ?? bug(`${name} was not bound`)

const outputOf = (outputs: Leaves, name: string): tf.Tensor => outputs[name] ?? bug(`the program has no output ${name}`)
