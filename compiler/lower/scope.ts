import { invariant } from '../invariant.js'
import type { ParameterTable } from '../plan/parameter.js'
import type { Emit, Value } from '../program.js'
import type { Shape } from '../shape.js'

/** What a lowering writes with: the program's `emit`, and the leaves that it has already read. */
export interface Scope {
  readonly emit: Emit
  /** The parameter of that name, as the plan's table shapes it. */
  readonly parameter: (name: string) => Value
  readonly has: (name: string) => boolean
  /** A tensor of the batch. */
  readonly input: (name: string, shape: Shape, dtype?: 'float32' | 'int32') => Value
}

/** Opens a scope over a parameter table; a leaf that is read twice is written once. */
export const scope = (emit: Emit, table: ParameterTable): Scope => {
  const read = new Map<string, Value>()
  const once = (key: string, write: () => Value): Value => {
    const before = read.get(key)
    if (before !== undefined) return before
    const value = write()
    read.set(key, value)
    return value
  }
  return {
    emit,
    has: (name) => table.has(name),
    parameter: (name) =>
      once(`parameter ${name}`, () => {
        const entry = table.get(name)
        invariant(entry !== undefined, `the plan has no parameter ${name}`)
        return emit('parameter', [], { name, shape: entry.shape })
      }),
    input: (name, shape, dtype = 'float32') => once(`input ${name}`, () => emit('input', [], { name, shape, dtype })),
  }
}
