import type { Program } from '../../program.js'
import type { Tensors } from '../device.js'
import { type Machine, executable } from './executable.js'

/** The time of one record of a program's tape: the kernel's, and the waiting for other threads where they meet after it. */
export interface Timed {
  readonly kernel: string
  readonly args: readonly number[]
  readonly milliseconds: number
}

/** Runs a program once more than it must be warm for, and times every record of the last run. */
export const profileOn =
  (machine: Machine) =>
  async (program: Program, inputs: Tensors, warm = 3): Promise<readonly Timed[]> => {
    const made = executable(machine, program)
    for (let i = 0; i < warm; i++) await made.run(inputs)
    const steps = made.walk(inputs, 0).stages.flatMap((stage) => stage.steps)
    const address = machine.heap.allocate(8 * steps.length, 'the times of a profile')
    const begin = performance.now()
    made.walk(inputs, address)
    const times = new Float64Array(machine.heap.memory.buffer, address, steps.length).slice()
    machine.heap.free(address)
    made.dispose()
    return steps.map(({ kernel, args }, i) => ({ kernel, args, milliseconds: (times[i] ?? Number.NaN) - (times[i - 1] ?? begin) }))
  }

/** A profile by kernel, the slowest first. */
export const byKernel = (timed: readonly Timed[]): readonly { readonly kernel: string; readonly count: number; readonly milliseconds: number }[] => {
  const sums = new Map<string, { count: number; milliseconds: number }>()
  for (const { kernel, milliseconds } of timed) {
    const before = sums.get(kernel) ?? { count: 0, milliseconds: 0 }
    sums.set(kernel, { count: before.count + 1, milliseconds: before.milliseconds + milliseconds })
  }
  return [...sums].map(([kernel, sum]) => ({ kernel, ...sum })).sort((a, b) => b.milliseconds - a.milliseconds)
}
