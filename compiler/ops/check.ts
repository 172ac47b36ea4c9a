import { bug, invariant } from '../invariant.js'
import { type Shape, same } from '../shape.js'

/** What the shape rules ask of their inputs. A checked spec never fails here, so failing is a bug. */

export const show = (shape: Shape): string => `[${shape.join(', ')}]`

export const matrix = (op: string, shape: Shape): readonly [number, number] => {
  const [rows, columns] = shape
  invariant(rows !== undefined && columns !== undefined && shape.length === 2, `${op}: ${show(shape)} is not a matrix`)
  return [rows, columns]
}

export const vector = (op: string, shape: Shape): number => {
  const [length] = shape
  invariant(length !== undefined && shape.length === 1, `${op}: ${show(shape)} is not a vector`)
  return length
}

export const scalar = (op: string, shape: Shape): Shape => {
  invariant(shape.length === 0, `${op}: ${show(shape)} is not a scalar`)
  return shape
}

/** All of one shape, which is returned. */
export const alike = (op: string, first: Shape, ...others: readonly Shape[]): Shape => {
  for (const other of others) invariant(same(first, other), `${op}: ${show(first)} and ${show(other)} differ`)
  return first
}

export const agree = (op: string, what: string, a: number, b: number): void => invariant(a === b, `${op}: ${what} is ${a} and ${b}`)

export const divides = (op: string, divisor: number, n: number): number => {
  invariant(divisor > 0 && n % divisor === 0, `${op}: ${divisor} does not divide ${n}`)
  return n / divisor
}

/** The adjoint of ops that are written by an adjoint: second derivatives are never asked for. */
export const notTwice = (op: string) => (): never => bug(`${op} is not differentiated twice`)

/** The adjoint of ops that no loss may pass through. */
export const notDifferentiable = (op: string) => (): never => bug(`${op} is not differentiable`)
