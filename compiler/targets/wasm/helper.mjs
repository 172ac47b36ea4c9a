// A helper thread: instantiates the same kernels on the same memory, and walks a tape whenever it is told to. Plain JavaScript, because a
// worker is loaded from a file, which under a TypeScript loader and after the build must be the same one.
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory, thread, stack, control, words } = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } })
const names = Object.keys(exports)
  .filter((name) => typeof exports[name] === 'function')
  .sort()
const table = exports.__indirect_function_table
const first = table.grow(names.length)
names.forEach((name, i) => table.set(first + i, exports[name]))
exports.__stack_pointer.value = stack

const shared = new Int32Array(memory.buffer, control, words.count)
let seen = Atomics.load(shared, words.go)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort.postMessage('ready')

for (;;) {
  Atomics.wait(shared, words.go, seen)
  const turn = Atomics.load(shared, words.go)
  if (turn === seen) continue
  seen = turn
  const threads = Atomics.load(shared, words.threads)
  if (thread >= threads) continue
  try {
    exports.run(Atomics.load(shared, words.tape), Atomics.load(shared, words.words), thread, threads, control, 0)
  } catch (error) {
    Atomics.store(shared, words.failed, 1)
    Atomics.notify(shared, words.generation)
    throw error
  }
}
