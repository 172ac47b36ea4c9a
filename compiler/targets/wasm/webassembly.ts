// The part of JavaScript's WebAssembly that we use. TypeScript knows it only together with the whole browser, which is not there.

export interface Memory {
  readonly buffer: SharedArrayBuffer
  readonly grow: (pages: number) => number
}

export interface Table {
  readonly grow: (places: number) => number
  readonly set: (place: number, value: unknown) => void
}

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>
}

/** Compiled code: handed to other threads as it is. */
export type Module = object

interface Api {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number; readonly shared: true }) => Memory
  readonly Module: new (bytes: Uint8Array) => Module
  readonly Instance: new (module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => Instance
  readonly Table: abstract new () => Table
  readonly Global: abstract new () => { readonly value: number }
}

export const webAssembly: Api = Reflect.get(globalThis, 'WebAssembly')
