// A helper thread: instantiates the same kernels on the same memory, and helps with a tape whenever it is told to. Plain JavaScript, because
// a worker is loaded from a file, which under a TypeScript loader and after the build must be the same one.
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory, thread, stack, scratch, control, words } = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } })
const names = Object.keys(exports)
  .filter((name) => typeof exports[name] === 'function')
  .sort()
const table = exports.__indirect_function_table
const first = table.grow(names.length)
names.forEach((name, i) => table.set(first + i, exports[name]))
exports.__stack_pointer.value = stack

const shared = new Int32Array(memory.buffer, control, words.count)
let seen = Atomics.load(shared, words.turn)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort.postMessage('ready')

for (;;) {
  const turn = Atomics.load(shared, words.turn)
  // Odd: the next run is being written down.
  if (turn === seen || turn % 2 === 1) {
    Atomics.wait(shared, words.turn, turn)
    continue
  }
  Atomics.store(shared, words.busy + thread, 1)
  const [tape, bytes, threads] = [words.tape, words.bytes, words.threads].map((word) => Atomics.load(shared, word))
  if (Atomics.load(shared, words.turn) === turn) {
    seen = turn
    try {
      exports.run(tape, bytes, turn, threads, control, scratch, 0)
    } catch (error) {
      Atomics.store(shared, words.failed, 1)
      throw error
    }
  }
  Atomics.store(shared, words.busy + thread, 0)
  Atomics.notify(shared, words.busy + thread)
}
