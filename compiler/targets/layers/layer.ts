import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import type { LayerVariable, Shape as LayerShape } from '@tensorflow/tfjs-layers'
import { bug } from '../../invariant.js'
import { scope } from '../../lower/scope.js'
import type { ParameterTable } from '../../plan/parameter.js'
import { parameters } from '../../plan/parameters.js'
import { type Program, program } from '../../program.js'
import type { Shape } from '../../shape.js'
import { registerOwnKernels } from '../tfjs/own/index.js'
import { folded, foldedShape } from './fold.js'
import type { ModuleSpec, Port } from './module.js'
import { type ModuleKind, modules } from './modules.js'
import { type Runner, runner } from './run.js'
import { type LayerWeights, layerWeights } from './weights.js'

type LayerArguments = ConstructorParameters<typeof layers.Layer>[0]

/** What a layer is constructed from. The spec is a text under the key `name`, because tfjs rewrites every other text that it saves (`ScienceQA` to `science_q_a`). */
export type ModuleArguments = LayerArguments & {
  readonly module: { readonly name: string }
  /** Where its weights are shared; weights of its own if not said, as for a layer that was loaded. */
  readonly sharing?: LayerWeights
}

export const moduleArguments = (name: string, spec: ModuleSpec, sharing: LayerWeights): ModuleArguments => ({
  name,
  module: { name: JSON.stringify(spec) },
  sharing,
})

/** What a kind of layer is told of itself. */
interface Made {
  readonly spec: ModuleSpec
  readonly ports: readonly Port[]
  readonly output: Shape
  readonly table: ParameterTable
}

const programOf = (kind: ModuleKind, { spec, ports, table }: Made, batch: number): Program =>
  program((emit) => {
    const s = scope(emit, table)
    const read = (name: string) => {
      const { dtype, ...port } = ports.find((candidate) => candidate.name === name) ?? bug(`${kind} has no input ${name}`)
      const shape = foldedShape(port, batch)
      // Numbers are leaves like parameters, so that they can be differentiated by.
      return dtype === 'int32' ? s.input(name, shape, dtype) : emit('parameter', [], { name, shape })
    }
    return { outputs: { y: modules[kind].lower(s, spec, batch, read) } }
  })

/** A registered tf.layers.Layer for a kind of module. Its `call` runs the module's program, and so does its gradient. */
const defineLayer = (kind: ModuleKind) => {
  class ModuleLayer extends layers.Layer {
    static className = `cmoe>${kind}`
    private readonly made: Made
    private readonly shared: boolean
    private readonly variables: ReadonlyMap<string, LayerVariable>
    private readonly runners = new Map<number, Runner>()

    constructor(given: ModuleArguments) {
      const { module, sharing, ...rest } = given
      super(rest)
      const spec = JSON.parse(module.name) as ModuleSpec
      this.made = { spec, ports: modules[kind].inputs(spec), output: modules[kind].output(spec), table: parameters(spec.model) }
      this.shared = sharing !== undefined
      // Here and not in build, which tfjs calls in a scope that would rename them.
      this.variables = this.weightsIn(sharing ?? layerWeights())
      this._trainableWeights = [...this.variables.values()]
    }

    private weightsIn(weights: LayerWeights): ReadonlyMap<string, LayerVariable> {
      const { spec, ports, table } = this.made
      const given = new Set(ports.map(({ name }) => name))
      const names = programOf(kind, this.made, 1).nodes.flatMap((node) => (node.op === 'parameter' ? [node.attributes.name] : []))
      const own = [...new Set(names)].filter((name) => !given.has(name))
      return new Map(own.map((name) => [name, weights.variable(name, table, spec.trained.includes(name))]))
    }

    override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape | LayerShape[] {
      const [first] = inputShape
      const batch = Array.isArray(first) ? (first[0] ?? null) : (first ?? null)
      const y = [batch, ...this.made.output]
      const name = modules[kind].shared?.(this.made.spec)
      return name === undefined ? y : [y, [...(this.made.table.get(name)?.shape ?? [])]]
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
      this.invokeCallHook(inputs, kwargs)
      registerOwnKernels(tf.getBackend())
      return tf.tidy(() => this.computed(Array.isArray(inputs) ? inputs : [inputs]))
    }

    private computed(given: readonly tf.Tensor[]): tf.Tensor | tf.Tensor[] {
      const { spec, ports, output } = this.made
      const batch = given[0]?.shape[0] ?? bug(`${this.name} was called with no input`)
      const read = ports.map((port, i) => [port.name, folded(port, given[i] ?? bug(`${this.name} was called without ${port.name}`), batch)] as const)
      const weights = [...this.variables].map(([name, variable]) => [name, variable.read()] as const)
      const wanted = [
        ...ports.filter(({ differentiable }) => differentiable).map(({ name }) => name),
        ...[...this.variables].filter(([, { trainable }]) => trainable).map(([name]) => name),
      ]
      const y = tf.reshape(this.runnerFor(batch)(Object.fromEntries([...read, ...weights]), wanted), [batch, ...output])
      const name = modules[kind].shared?.(spec)
      const table = name === undefined ? undefined : this.variables.get(name)
      return table === undefined ? y : [y, tf.clone(table.read())]
    }

    private runnerFor(batch: number): Runner {
      const before = this.runners.get(batch) ?? runner(programOf(kind, this.made, batch))
      this.runners.set(batch, before)
      return before
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), module: { name: JSON.stringify(this.made.spec) } }
    }

    /** Shared weights outlive the models that read them. */
    protected override disposeWeights(): number {
      return this.shared ? 0 : super.disposeWeights()
    }
  }
  tf.serialization.registerClass(ModuleLayer)
  return ModuleLayer
}

type ModuleLayerClass = new (given: ModuleArguments) => layers.Layer

/** The layer class of every module, registered with tfjs as `cmoe>Connector` and so on. */
export const moduleLayers: Readonly<Record<ModuleKind, ModuleLayerClass>> = {
  Connector: defineLayer('Connector'),
  DecoderLayer: defineLayer('DecoderLayer'),
  Head: defineLayer('Head'),
  Norm: defineLayer('Norm'),
  PatchEmbedding: defineLayer('PatchEmbedding'),
  TokenEmbedding: defineLayer('TokenEmbedding'),
  VaeLocator: defineLayer('VaeLocator'),
  VisionBlock: defineLayer('VisionBlock'),
  VisionFeatures: defineLayer('VisionFeatures'),
}
