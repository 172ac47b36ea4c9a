/** A dense tensor on the host, row-major: the same shape of data as the compiler's devices take. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

export type Tensors = Readonly<Record<string, Tensor>>
