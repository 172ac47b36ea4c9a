import * as fc from 'fast-check'
import type { Shape } from '../../dsl/schema/index.js'

const whole = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) })

/** Without -0, which JSON does not have. */
const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)

/** No objects: the laws about keys are about those that a codec knows. */
const plain = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string(), fc.array(fc.integer(), { maxLength: 2 }))

/** How often a shape may hold itself in a generated value. */
const deepest = 2

const structOf = (fields: Readonly<Record<string, Shape>>, depth: number): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, valueOf(shape, depth)])))

const keyOf = (element: unknown, key: string): unknown =>
  typeof element === 'object' && element !== null ? Object.entries(element).find(([k]) => k === key)?.[1] : element

const holdsItself = (shape: Shape): boolean => {
  switch (shape.kind) {
    case 'recursive':
      return true
    case 'struct':
      return Object.values(shape.fields).some(holdsItself)
    case 'tagged':
      return Object.values(shape.cases).some(holdsItself)
    case 'list':
    case 'pair':
    case 'nullable':
      return holdsItself(shape.of)
    case 'text':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'format':
    case 'json':
      return false
  }
}

/** Any JSON value that a schema accepts: the schema's own interpreter for property tests. */
export const valueOf = (shape: Shape, depth: number = deepest): fc.Arbitrary<unknown> => {
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
      return structOf(shape.fields, depth)
    case 'tagged': {
      const cases = Object.values(shape.cases).filter((each) => depth > 0 || !holdsItself(each))
      return fc.oneof(...cases.map((each) => valueOf(each, depth)))
    }
    case 'list': {
      const { key, of } = shape
      return key === null
        ? fc.array(valueOf(of, depth), { maxLength: 3 })
        : fc.uniqueArray(valueOf(of, depth), { maxLength: 3, selector: (element) => keyOf(element, key) })
    }
    case 'pair':
      return fc.tuple(valueOf(shape.of, depth), valueOf(shape.of, depth))
    case 'nullable':
      return fc.option(valueOf(shape.of, depth), { nil: null })
    case 'json':
      return plain
    case 'recursive':
      return valueOf(shape.shape(), depth - 1)
  }
}
