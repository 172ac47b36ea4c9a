import { bug, invariant } from '../../invariant.js'
import { type Schedule, schedule } from '../../passes/schedule.js'
import type { Program } from '../../program.js'
import { same, size } from '../../shape.js'
import type { Executable, Tensor, Tensors } from '../device.js'
import type { Arena } from './arena.js'
import type { Operand } from './kernels.js'
import { type Layout, layout, located } from './layout.js'
import type { Heap } from './memory.js'
import type { Kernels } from './module.js'
import { type Cut, stages } from './stages.js'
import type { WasmStore } from './store.js'
import { type Stage, encode, grouped } from './tape.js'
import type { Crew } from './threads.js'

/** What the programs of a device run on. */
export interface Machine {
  readonly heap: Heap
  readonly kernels: Kernels
  readonly crew: Crew
  readonly store: WasmStore
  readonly arena: Arena
  readonly cut: Cut
}

/** A program's tape, and the values' places that it was encoded for. */
export interface Tape {
  readonly address: number
  readonly bytes: number
  readonly groups: readonly (readonly Stage[])[]
  readonly at: readonly Operand[]
}

export interface WasmExecutable extends Executable {
  /** Makes the tape ready. */
  readonly tape: () => Tape
  /** Binds the inputs and runs the tape once; `times` as in `Crew.run`. */
  readonly walk: (inputs: Tensors, times: number) => Tape
}

export const executable = (machine: Machine, p: Program): WasmExecutable => {
  const plan = schedule(p)
  const places = layout(p, plan)
  const { tape, dispose } = tapeFor(machine, p, plan, places)
  machine.arena.reserve(places.bytes)

  const walk = (inputs: Tensors, times: number): Tape => {
    const ready = tape()
    bind(machine, places, inputs)
    const alone = ready.groups.every((group) => group.every(({ parts }) => parts === 1))
    machine.crew.run(ready.address, ready.bytes, alone, times)
    if (machine.kernels.stray())
      throw new Error('an id or a count in the inputs is outside of what it counts (a token id, a target, a task or a position)')
    return ready
  }
  return {
    tape,
    walk,
    run: async (inputs) => {
      const { at } = walk(inputs, 0)
      return Promise.resolve(Object.fromEntries(Object.entries(p.outputs).map(([name, i]) => [name, read(machine.heap, p, i, at[i])])))
    },
    peakBytes: plan.peakBytes,
    dispose,
  }
}

/** The tape, encoded at the first run and again whenever what it names has moved: the arena, or a tensor of the store. */
const tapeFor = ({ heap, kernels, crew, store, arena, cut }: Machine, p: Program, plan: Schedule, places: Layout) => {
  let made: (Tape & { readonly arena: number; readonly version: number }) | undefined
  const dispose = (): void => {
    if (made === undefined) return
    crew.rest()
    heap.free(made.address)
    made = undefined
  }
  const tape = (): Tape => {
    arena.reserve(places.bytes)
    if (made !== undefined && made.arena === arena.address() && made.version === store.version()) return made
    dispose()
    const at = located(p, plan, places, arena.address(), store.find)
    const groups = grouped(stages(p, at, places, arena.address(), store.find, cut), cut.chains)
    const words = encode(kernels, groups)
    const address = heap.allocate(words.byteLength, 'the tape of a program')
    heap.integers(address, words.length).set(words)
    made = { address, bytes: words.byteLength, groups, at, arena: arena.address(), version: store.version() }
    return made
  }
  return { tape, dispose }
}

const bind = ({ heap, arena }: Machine, { inputs }: Layout, given: Tensors): void => {
  for (const [name, { offset, node }] of inputs) {
    const { shape, data } = given[name] ?? bug(`${name} was not bound`)
    invariant(same(shape, node.shape), `${name} is bound to [${shape.join(', ')}], the program reads [${node.shape.join(', ')}]`)
    invariant(data.length === size(shape), `${name} has ${data.length} elements for [${shape.join(', ')}]`)
    const view = node.attributes.dtype === 'int32' ? heap.integers : heap.floats
    view(arena.address() + offset, data.length).set(data)
  }
}

const read = (heap: Heap, p: Program, i: number, at: Operand | undefined): Tensor => {
  const { address, shape } = at ?? bug(`output ${i} has no place`)
  const node = p.nodes[i]
  const view = node?.op === 'input' && node.attributes.dtype === 'int32' ? heap.integers : heap.floats
  return { shape, data: view(address, size(shape)).slice() }
}
