import { Worker } from 'node:worker_threads'
import type { Heap } from './memory.js'
import type { Kernels } from './module.js'
import type { Module } from './webassembly.js'

/** The places of the words that threads share, from the control block on. The first four are the `meeting` of kernels/tape.c. */
const words = { generation: 0, arrived: 1, sleepers: 2, failed: 3, go: 4, tape: 5, words: 6, threads: 7, count: 16 } as const

const stackBytes = 65536

/** The threads of a device: this one, and its helpers, who sleep until a tape is to be run. */
export interface Crew {
  readonly threads: number
  /** Runs a tape on so many threads and returns when it is done. `times`: where to note when each record was done, or 0. */
  readonly run: (tape: number, length: number, threads: number, times: number) => void
  readonly dispose: () => Promise<void>
}

export const crewOf = async (module: Module, kernels: Kernels, heap: Heap, threads: number): Promise<Crew> => {
  const control = heap.allocate(4 * words.count, 'the control block')
  heap.integers(control, words.count).fill(0)
  let failure: Error | undefined

  const start = (thread: number): Promise<Worker> => {
    const stack = heap.allocate(stackBytes, 'a stack') + stackBytes
    const workerData = { module, memory: heap.memory, thread, stack, control, words }
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
    run: (tape, length, count, times) => {
      if (failure !== undefined) throw failure
      if (count > 1) call(heap.integers(control, words.count), tape, length, count)
      if (ran(() => kernels.run(tape, length, 0, count, control, times), heap.integers(control, words.count))) return
      failure = new Error('a helper thread of the wasm device crashed in the middle of a run')
      throw failure
    },
    dispose: async () => {
      failure ??= new Error('the wasm device was disposed')
      await Promise.all(helpers.map((worker) => worker.terminate()))
    },
  }
}

/** Tells the helpers what to run. */
const call = (shared: Int32Array, tape: number, length: number, threads: number): void => {
  Atomics.store(shared, words.tape, tape)
  Atomics.store(shared, words.words, length)
  Atomics.store(shared, words.threads, threads)
  Atomics.add(shared, words.go, 1)
  Atomics.notify(shared, words.go)
}

/** If this thread crashes, the helpers must not wait for it. */
const ran = (run: () => number, shared: Int32Array): boolean => {
  try {
    return run() === 1
  } catch (error) {
    Atomics.store(shared, words.failed, 1)
    Atomics.notify(shared, words.generation)
    throw error
  }
}
