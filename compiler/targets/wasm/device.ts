import { availableParallelism } from 'node:os'
import { invariant } from '../../invariant.js'
import type { Program } from '../../program.js'
import type { Device, Tensors } from '../device.js'
import { arenaIn } from './arena.js'
import { type Machine, executable } from './executable.js'
import { heapIn, mostBytes, sharedMemory } from './memory.js'
import { compiled, instantiate } from './module.js'
import { type Timed, profileOn } from './profile.js'
import { storeIn } from './store.js'
import { crewOf, mostThreads } from './threads.js'

export interface WasmOptions {
  /** How many threads compute, this one included; as many as there are cores, and at most eight, if not said. */
  readonly threads?: number
  /** The most bytes that weights and buffers may take together; all that WebAssembly can address (4 GiB) if not said. */
  readonly memoryLimit?: number
  /** How long a part of a step should take at least, in nanoseconds; tests set 0, so that every step is cut into parts. */
  readonly grain?: number
}

/** A device that can also say where a program's time goes, and how much memory is in use. */
export interface WasmDevice extends Device {
  /** Bytes in use: weights, intermediate values, tapes and what threads need. */
  readonly memory: () => number
  readonly profile: (program: Program, inputs: Tensors) => Promise<readonly Timed[]>
}

/** Our own SIMD kernels on our own threads. Results are the same bits for any number of them. */
export const wasmDevice = async ({ threads = cores(), memoryLimit = mostBytes, grain = 5000 }: WasmOptions = {}): Promise<WasmDevice> => {
  if (threads > mostThreads) throw new Error(`it runs on at most ${mostThreads} threads, not on ${threads}`)
  invariant(Number.isInteger(threads) && threads >= 1, `${threads} threads`)
  const [module, memory] = [compiled(), sharedMemory()]
  const kernels = instantiate(module, memory)
  const heap = heapIn(memory, kernels.heap, Math.min(memoryLimit, mostBytes))
  const crew = await crewOf(module, kernels, heap, threads)
  const machine: Machine = { heap, kernels, crew, store: storeIn(heap), arena: arenaIn(heap), cut: { threads, grain, chains: true } }
  return {
    name: threads === 1 ? 'wasm (1 thread)' : `wasm (${threads} threads)`,
    store: machine.store,
    load: (program) => executable(machine, program),
    dispose: crew.dispose,
    memory: heap.held,
    profile: profileOn(machine),
  }
}

const cores = (): number => Math.max(1, Math.min(8, availableParallelism()))
