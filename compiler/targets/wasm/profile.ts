import type { Program } from '../../program.js'
import type { Tensors } from '../device.js'
import { type Machine, executable } from './executable.js'
import type { Step } from './tape.js'

/** The time of a unit of a program's tape: its steps, and what had to be waited for behind them. */
export interface Timed {
  readonly steps: readonly Step[]
  readonly milliseconds: number
}

/** Runs a program a few times, and times every unit of the last run. Weights are trained by it as by any run. */
export const profileOn =
  (machine: Machine) =>
  async (program: Program, inputs: Tensors, warm = 3): Promise<readonly Timed[]> => {
    const made = executable({ ...machine, cut: { ...machine.cut, chains: false } }, program)
    for (let i = 0; i < warm; i++) await made.run(inputs)
    const units = made.tape().groups.flat()
    const address = machine.heap.allocate(8 * units.length, 'the times of a profile')
    const begin = performance.now()
    made.walk(inputs, address)
    const times = new Float64Array(machine.heap.memory.buffer, address, units.length).slice()
    machine.heap.free(address)
    made.dispose()
    return units.map(({ steps }, i) => ({ steps, milliseconds: (times[i] ?? Number.NaN) - (times[i - 1] ?? begin) }))
  }

/** A profile by kernel, the slowest first. A unit of several kernels is named by all of them. */
export const byKernel = (timed: readonly Timed[]): readonly { readonly kernel: string; readonly count: number; readonly milliseconds: number }[] => {
  const sums = new Map<string, { count: number; milliseconds: number }>()
  for (const { steps, milliseconds } of timed) {
    const kernel = [...new Set(steps.map((step) => step.kernel))].join('+')
    const before = sums.get(kernel) ?? { count: 0, milliseconds: 0 }
    sums.set(kernel, { count: before.count + 1, milliseconds: before.milliseconds + milliseconds })
  }
  return [...sums].map(([kernel, sum]) => ({ kernel, ...sum })).sort((a, b) => b.milliseconds - a.milliseconds)
}
