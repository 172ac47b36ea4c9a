import * as fc from 'fast-check'
import type { Shape } from '../../dsl/schema/index.js'

const whole = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) })

/** Without -0, which JSON does not have. */
const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)

const structOf = (fields: Readonly<Record<string, Shape>>): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, valueOf(shape)])))

const keyOf = (element: unknown, key: string): unknown =>
  typeof element === 'object' && element !== null ? Object.entries(element).find(([k]) => k === key)?.[1] : element

/** Any JSON value that a schema accepts: the schema's own interpreter for property tests. */
export const valueOf = (shape: Shape): fc.Arbitrary<unknown> => {
  switch (shape.kind) {
    case 'text':
      return shape.pattern.source === '^' ? fc.string() : fc.stringMatching(shape.pattern)
    case 'number':
      return shape.whole ? whole(shape.least, shape.most) : real(shape.least, shape.most)
    case 'boolean':
      return fc.boolean()
    case 'literal':
      return fc.constantFrom(...shape.values)
    case 'format':
      return fc.constant(shape.value)
    case 'struct':
      return structOf(shape.fields)
    case 'tagged':
      return fc.oneof(...Object.values(shape.cases).map(valueOf))
    case 'list': {
      const { key, of } = shape
      return key === null
        ? fc.array(valueOf(of), { maxLength: 3 })
        : fc.uniqueArray(valueOf(of), { maxLength: 3, selector: (element) => keyOf(element, key) })
    }
    case 'pair':
      return fc.tuple(valueOf(shape.of), valueOf(shape.of))
    case 'nullable':
      return fc.option(valueOf(shape.of), { nil: null })
  }
}
