import type { ModelSpec } from '../../../dsl/index.js'
import type { Scope } from '../../lower/scope.js'
import type { Value } from '../../program.js'
import type { Shape } from '../../shape.js'

/** What a layer is made from. It is JSON, and all that a layer saves. */
export interface ModuleSpec {
  /** The model, without the sites of other layers. */
  readonly model: ModelSpec
  /** Which block of the tower or layer of the decoder this is; 0 elsewhere. */
  readonly layer: number
  /** Tokens a sequence, padding included. */
  readonly length: number
  /** The tasks that a row may be routed by, in the order of their numbers. */
  readonly tasks: readonly string[]
  /** Whether every sample comes with a picture. */
  readonly pictures: boolean
  /** The parameters that are trained, by name. */
  readonly trained: readonly string[]
}

/** A tensor that a module reads. */
export interface Port {
  readonly name: string
  readonly dtype: 'float32' | 'int32'
  /** Of one sample: a layer sees [batch, ...shape], its program [batch * shape[0], ...] where samples are folded into rows. */
  readonly shape: Shape
  readonly fold: 'rows' | 'none' | 'whole'
  /** Whether a gradient flows back through it. */
  readonly differentiable: boolean
  /** For places in a sample's own rows of another port: how many rows that has. The program counts through the batch. */
  readonly of?: number
}

/** A module of a model as a layer. How it computes is in lower/; here is only what it reads and writes. */
export interface Module {
  readonly inputs: (spec: ModuleSpec) => readonly Port[]
  /** Shape of the output, of one sample. */
  readonly output: (spec: ModuleSpec) => Shape
  /** A parameter that is handed on as a second output, without a batch: a table that two modules read. */
  readonly shared?: (spec: ModuleSpec) => string | undefined
  readonly lower: (scope: Scope, spec: ModuleSpec, batch: number, read: (port: string) => Value) => Value
}

const port =
  (fold: Port['fold'], dtype: Port['dtype'], differentiable: boolean) =>
  (name: string, ...shape: Shape): Port => ({ name, dtype, shape, fold, differentiable })

/** Rows of numbers that depend on what came before. */
export const rows = port('rows', 'float32', true)

/** A row of numbers a sample. */
export const sample = port('none', 'float32', true)

/** Rows of given numbers. */
export const table = port('rows', 'float32', false)

export const integers = port('rows', 'int32', false)

/** A parameter of another module, without a batch. */
export const parameter = port('whole', 'float32', true)
