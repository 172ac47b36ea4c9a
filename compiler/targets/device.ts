import { bug, invariant } from '../invariant.js'
import type { Program } from '../program.js'
import type { Shape } from '../shape.js'

/** A dense tensor on the host, row-major. Integers (ids, positions) are Int32Array. */
export interface Tensor {
  readonly shape: Shape
  readonly data: Float32Array | Int32Array
}

export type Tensors = Readonly<Record<string, Tensor>>

/** What a run returned under a name; asking for what the program does not compute is a bug, and never a number. */
export const outputOf = (outputs: Tensors, name: string): Tensor => outputs[name] ?? bug(`the program has no output ${name}`)

/** A single number that a run returned. */
export const scalarOf = (outputs: Tensors, name: string): number => {
  const { data } = outputOf(outputs, name)
  const [value] = data
  invariant(value !== undefined && data.length === 1, `the output ${name} holds ${data.length} numbers, not one`)
  return value
}

/** The weights on a device, by name, shared by every program that is loaded there: a name is held once, whoever reads it. */
export interface Store {
  /** Allocates or overwrites a tensor. Overwriting keeps the place, and asks for the same shape. */
  readonly put: (name: string, tensor: Tensor) => void
  /** A copy on the host. */
  readonly get: (name: string) => Promise<Tensor>
  readonly has: (name: string) => boolean
  readonly drop: (name: string) => void
  readonly names: () => readonly string[]
  /** Bytes held by the store's tensors. */
  readonly bytes: () => number
}

/** A program made ready to run on a device. */
export interface Executable {
  /** Runs once: binds the inputs by name, reads parameters from the store, leaves the program's `writes` there, returns its `outputs`. */
  readonly run: (inputs: Tensors) => Promise<Tensors>
  /** The most bytes that intermediate values take at once, known before the first run. */
  readonly peakBytes: number
  readonly dispose: () => void
}

/** Where programs run. */
export interface Device {
  /** e.g. `wasm (2 threads)`; said to the user and kept in the lock file. */
  readonly name: string
  readonly store: Store
  /** Every parameter that the program names must be in the store by the time it runs. */
  readonly load: (program: Program) => Executable
  readonly dispose: () => Promise<void>
}
