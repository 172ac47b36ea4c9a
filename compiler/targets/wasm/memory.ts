import { type Memory, webAssembly } from './webassembly.js'

/** The kernels' memory, and who has which part of it. */
export interface Heap {
  readonly memory: Memory
  /** The address of `bytes` free bytes, a multiple of 64. Throws a message for the user when there is no room; what is held stays as it is. */
  readonly allocate: (bytes: number, what: string) => number
  readonly free: (address: number) => void
  /** Views of the memory as it is now: it may grow with every allocation, so they are not to be kept. */
  readonly floats: (address: number, length: number) => Float32Array
  readonly integers: (address: number, length: number) => Int32Array
  readonly held: () => number
}

/** What WebAssembly can address. */
export const mostBytes = 2 ** 32

const page = 65536
const alignment = 64
const firstPages = 64

interface Block {
  readonly address: number
  readonly bytes: number
}

export const sharedMemory = (): Memory => new webAssembly.Memory({ initial: firstPages, maximum: mostBytes / page, shared: true })

/** First fit over the gaps between blocks, in the order of addresses. The memory grows when no gap is large enough, up to the limit. */
export const heapIn = (memory: Memory, base: number, limit: number): Heap => {
  const blocks: Block[] = []
  const held = (): number => blocks.reduce((n, { bytes }) => n + bytes, 0)

  const allocate = (bytes: number, what: string): number => {
    const rounded = aligned(Math.max(bytes, 1))
    const { index, address } = gap(blocks, aligned(base), rounded)
    const end = address + rounded
    if (end > limit) throw full(what, bytes, held(), limit)
    if (end > memory.buffer.byteLength) grow(memory, end, what, held())
    blocks.splice(index, 0, { address, bytes: rounded })
    return address
  }
  const free = (address: number): void => {
    const index = blocks.findIndex((block) => block.address === address)
    if (index !== -1) blocks.splice(index, 1)
  }
  return {
    memory,
    allocate,
    free,
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    integers: (address, length) => new Int32Array(memory.buffer, address, length),
    held,
  }
}

const aligned = (n: number): number => Math.ceil(n / alignment) * alignment

const gap = (blocks: readonly Block[], base: number, bytes: number): { readonly index: number; readonly address: number } => {
  let end = base
  for (const [index, block] of blocks.entries()) {
    if (block.address - end >= bytes) return { index, address: end }
    end = block.address + block.bytes
  }
  return { index: blocks.length, address: end }
}

/** A little more than is asked for, so that many small tensors do not each grow the memory. */
const grow = (memory: Memory, end: number, what: string, held: number): void => {
  const pages = Math.ceil(end / page) - memory.buffer.byteLength / page
  const spare = Math.min(256, mostBytes / page - memory.buffer.byteLength / page)
  try {
    memory.grow(Math.max(pages, spare))
  } catch {
    throw full(what, pages * page, held, memory.buffer.byteLength)
  }
}

const full = (what: string, bytes: number, held: number, limit: number): Error =>
  new Error(`out of memory on the wasm device: ${what} needs ${mebibytes(bytes)} more, ${mebibytes(held)} of ${mebibytes(limit)} are in use`)

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
