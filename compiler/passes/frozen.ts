import type { Node, Program } from '../program.js'

/** By node: whether its value is the same in every run, because it depends on no input and on no parameter that the program writes. */
export const frozenNodes = (p: Program): readonly boolean[] => {
  const frozen: boolean[] = []
  const isFrozen = (node: Node): boolean => {
    if (node.op === 'input') return false
    if (node.op === 'parameter') return p.writes[node.attributes.name] === undefined
    return node.inputs.every((n) => frozen[n] === true)
  }
  for (const node of p.nodes) frozen.push(isFrozen(node))
  return frozen
}
