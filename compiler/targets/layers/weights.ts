import * as tf from '@tensorflow/tfjs-core'
import { LayerVariable } from '@tensorflow/tfjs-layers'
import { bug } from '../../invariant.js'
import { initialise } from '../../plan/initialise.js'
import type { Parameter, ParameterTable } from '../../plan/parameter.js'
import { size } from '../../shape.js'
import type { Tensor, Tensors } from '../device.js'
import { download, upload } from '../tfjs/tensors.js'

/** The weights of layers, by parameter name. Models that are given the same weights share the variables: a grown one allocates only what is new. */
export interface LayerWeights {
  /** The variable of a parameter of the table, made on the active backend when it is first asked for. Whoever asks last says whether it is trained. */
  readonly variable: (name: string, table: ParameterTable, trainable: boolean) => LayerVariable
  readonly names: () => readonly string[]
  /** A copy on the host. */
  readonly get: (name: string) => Promise<Tensor>
  readonly bytes: () => number
  readonly dispose: () => void
}

/** New weights: `given` are tensors from files; what is not given starts as the plan says. */
export const layerWeights = (given: Tensors = {}, seed = 0): LayerWeights => {
  const held = new Map<string, LayerVariable>()
  const make = (parameter: Parameter, table: ParameterTable): LayerVariable => {
    const { name, initial } = parameter
    const from = given[name]
    const start =
      from === undefined && initial.kind === 'copy'
        ? tf.clone(find(initial.of, table).read())
        : upload(from ?? initialise(seed, undefined)(parameter))
    const variable = new LayerVariable(start, 'float32', name, false)
    start.dispose()
    return variable
  }
  const find = (name: string, table: ParameterTable): LayerVariable => {
    const variable = held.get(name) ?? make(table.get(name) ?? bug(`the plan has no parameter ${name}`), table)
    held.set(name, variable)
    return variable
  }
  return {
    variable: (name, table, trainable) => {
      const variable = find(name, table)
      variable.trainable = trainable
      return variable
    },
    names: () => [...held.keys()],
    get: (name) => download((held.get(name) ?? bug(`there is no weight ${name}`)).read()),
    bytes: () => [...held.values()].reduce((n, { shape }) => n + 4 * size(shape.map((d) => d ?? 1)), 0),
    dispose: () => {
      for (const variable of held.values()) variable.dispose()
      held.clear()
    },
  }
}
