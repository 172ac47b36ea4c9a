import { expect, it } from 'vitest'
import { argmax } from '../../runtime/argmax.js'

it('the first of the greatest is chosen', () => {
  expect([[1, 3, 3], [0], [-2, -1, -1], [Number.NEGATIVE_INFINITY, -5]].map(argmax)).toEqual([1, 0, 1, 1])
})
