import { readFileSync } from 'node:fs'
import { bug, invariant } from '../../invariant.js'
import { type Instance, type Memory, type Module, webAssembly } from './webassembly.js'

/** The compiled kernels, bound to a memory, for one thread. */
export interface Kernels {
  /** The place of each kernel in the table of functions: what a record of the tape names it by. The same for every thread. */
  readonly place: (kernel: string) => number
  /** Walks a tape; 1 when it ran to its end. */
  readonly run: (tape: number, bytes: number, run: number, threads: number, control: number, scratch: number, times: number) => number
  /** Whether a kernel met an id that names no row since this was last asked. */
  readonly stray: () => boolean
  /** Where free memory begins. */
  readonly heap: number
  /** Floats that each thread needs for packing. */
  readonly scratchFloats: number
}

export const compiled = (): Module => new webAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)))

/** Threads share everything but the stack: each but the first is given its own. */
export const instantiate = (module: Module, memory: Memory): Kernels => {
  const { exports } = new webAssembly.Instance(module, { env: { memory, now: () => performance.now() } })
  const places = tabulated(exports)
  return {
    place: (kernel) => places.get(kernel) ?? bug(`there is no kernel ${kernel}`),
    run: functionOf(exports, 'run'),
    stray: () => functionOf(exports, 'stray')() !== 0,
    heap: globalOf(exports, '__heap_base'),
    scratchFloats: functionOf(exports, 'scratch_floats')(),
  }
}

/** Puts the exported functions into the table in the order of their names; helper.mjs does the same. */
const tabulated = (exports: Instance['exports']): ReadonlyMap<string, number> => {
  const table = exports['__indirect_function_table']
  invariant(table instanceof webAssembly.Table, 'the kernels have no table')
  const names = Object.keys(exports)
    .filter((name) => typeof exports[name] === 'function')
    .sort()
  const first = table.grow(names.length)
  names.forEach((name, i) => table.set(first + i, exports[name]))
  return new Map(names.map((name, i) => [name, first + i]))
}

const functionOf = (exports: Instance['exports'], name: string): ((...args: readonly number[]) => number) => {
  const found = exports[name]
  invariant(typeof found === 'function', `the kernels do not export ${name}`)
  return found as (...args: readonly number[]) => number
}

const globalOf = (exports: Instance['exports'], name: string): number => {
  const found = exports[name]
  invariant(found instanceof webAssembly.Global, `the kernels do not export ${name}`)
  return found.value
}
