import { Worker } from 'node:worker_threads'
import type { Heap } from './memory.js'
import type { Kernels } from './module.js'
import type { Module } from './webassembly.js'

/** The most threads of a device. */
export const mostThreads = 32

/** The places of the words that threads share, from the control block on. The first two are `control` of kernels/tape.c; `busy` has one a thread. */
const words = { sleepers: 0, failed: 1, turn: 2, tape: 3, bytes: 4, threads: 5, busy: 8, count: 8 + mostThreads } as const

const stackBytes = 65536

/** The threads of a device: this one, and its helpers, who sleep until there is a tape to help with. */
export interface Crew {
  readonly threads: number
  /** Runs a tape and returns when it is done; `alone` without the helpers. `times`: where to note when each unit was done, or 0. */
  readonly run: (tape: number, bytes: number, alone: boolean, times: number) => void
  /** Returns when no helper looks at any tape, so that their memory may be given back. */
  readonly rest: () => void
  readonly dispose: () => Promise<void>
}

export const crewOf = async (module: Module, kernels: Kernels, heap: Heap, threads: number): Promise<Crew> => {
  const scratchBytes = 4 * kernels.scratchFloats
  const scratch = heap.allocate(scratchBytes * threads, 'room for packing')
  const control = heap.allocate(4 * words.count, 'the control block')
  heap.integers(control, words.count).fill(0)
  const shared = (): Int32Array => heap.integers(control, words.count)
  let failure: Error | undefined

  const start = (thread: number): Promise<Worker> => {
    const stack = heap.allocate(stackBytes, 'a stack') + stackBytes
    const workerData = { module, memory: heap.memory, thread, stack, scratch: scratch + thread * scratchBytes, control, words }
    const worker = new Worker(new URL('./helper.mjs', import.meta.url), { workerData })
    worker.on('error', (error) => (failure ??= new Error(`a helper thread of the wasm device crashed: ${error.message}`)))
    worker.on('exit', () => (failure ??= new Error('a helper thread of the wasm device ended')))
    return new Promise((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', () => {
        worker.unref()
        resolve(worker)
      })
    })
  }
  const helpers = await Promise.all(Array.from({ length: threads - 1 }, (_, i) => start(i + 1)))

  return {
    threads,
    run: (tape, bytes, alone, times) => {
      if (failure !== undefined) throw failure
      const count = alone ? 1 : threads
      const turn = count > 1 ? write(shared(), tape, bytes, count) : 0
      if (count > 1) Atomics.notify(shared(), words.turn)
      if (ran(() => kernels.run(tape, bytes, turn, count, control, scratch, times), shared())) return
      failure = new Error('a helper thread of the wasm device crashed in the middle of a run')
      throw failure
    },
    rest: () => {
      if (threads === 1 || failure !== undefined) return
      write(shared(), 0, 0, threads)
      for (let thread = 1; thread < threads; thread++) {
        while (Atomics.load(shared(), words.busy + thread) === 1) Atomics.wait(shared(), words.busy + thread, 1, 100)
      }
    },
    dispose: async () => {
      failure ??= new Error('the wasm device was disposed')
      await Promise.all(helpers.map((worker) => worker.terminate()))
    },
  }
}

/** Writes down what the helpers are to run, and returns the number of this run. The number is odd meanwhile: nobody acts on half of it. */
const write = (shared: Int32Array, tape: number, bytes: number, threads: number): number => {
  Atomics.add(shared, words.turn, 1)
  Atomics.store(shared, words.tape, tape)
  Atomics.store(shared, words.bytes, bytes)
  Atomics.store(shared, words.threads, threads)
  return Atomics.add(shared, words.turn, 1) + 1
}

/** If this thread crashes, the helpers must not wait for it. */
const ran = (run: () => number, shared: Int32Array): boolean => {
  try {
    return run() === 1
  } catch (error) {
    Atomics.store(shared, words.failed, 1)
    throw error
  }
}
