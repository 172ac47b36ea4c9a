import { expect, it } from 'vitest'
import { print } from '../../compiler/print.js'
import { program } from '../../compiler/program.js'

it('a program is printed a step a line, with all but what the shape says already', () => {
  const p = program((emit) => {
    const x = emit('input', [], { name: 'x', shape: [3, 2], dtype: 'float32' })
    const both = emit('concat', [emit('parameter', [], { name: 'a', shape: [2, 2] }), emit('parameter', [], { name: 'b', shape: [1, 2] })], {
      axis: 0,
    })
    const routed = emit(
      'route',
      [emit('matMul', [x, both], { transposeA: false, transposeB: true }), emit('input', [], { name: 'task', shape: [3], dtype: 'int32' })],
      {
        experts: 3,
        routers: [{ sees: [0, 2, 1], topK: 2, temperature: 0.5 }],
      },
    )
    return { outputs: { y: routed }, writes: { a: emit('scale', [emit('reshape', [x], { shape: [2, 3] })], { by: 0.5 }) } }
  })
  expect(print(p)).toBe(
    [
      '%0 = input() {name: x, dtype: float32} [3, 2]',
      '%1 = parameter() {name: a} [2, 2]',
      '%2 = parameter() {name: b} [1, 2]',
      '%3 = concat(%1, %2) {axis: 0} [3, 2]',
      '%4 = matMul(%0, %3) {transposeA: false, transposeB: true} [3, 3]',
      '%5 = input() {name: task, dtype: int32} [3]',
      '%6 = route(%4, %5) {experts: 3, routers: [{sees: [0, 2, 1], topK: 2, temperature: 0.5}]} [3, 3]',
      '%7 = reshape(%0) [2, 3]',
      '%8 = scale(%7) {by: 0.5} [2, 3]',
      'output y = %6',
      'write a = %8',
      '',
    ].join('\n'),
  )
})
