import type { Node, Program } from './program.js'

/** A program as text, one step a line: `%7 = matMul(%2, %6) {transposeA: false, transposeB: true} [4, 8]`. */
export const print = (p: Program): string =>
  [...p.nodes.map((node, i) => `%${i} = ${step(node)}`), ...named('output', p.outputs), ...named('write', p.writes)].join('\n') + '\n'

const step = (node: Node): string => `${node.op}(${node.inputs.map((n) => `%${n}`).join(', ')})${told(node)} ${value(node.shape)}`

/** The attributes but for a shape that the line ends with anyway. */
const told = ({ attributes }: Node): string => {
  const entries = Object.entries(attributes).filter(([key]) => key !== 'shape')
  return entries.length === 0 ? '' : ` {${entries.map(([key, x]) => `${key}: ${value(x)}`).join(', ')}}`
}

const value = (x: unknown): string => {
  if (Array.isArray(x)) return `[${x.map(value).join(', ')}]`
  if (typeof x === 'object' && x !== null)
    return `{${Object.entries(x)
      .map(([key, y]) => `${key}: ${value(y)}`)
      .join(', ')}}`
  return String(x)
}

const named = (what: string, results: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(results).map(([name, i]) => `${what} ${name} = %${i}`)
