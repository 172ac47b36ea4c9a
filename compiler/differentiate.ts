import { invariant } from './invariant.js'
import { type Op, ops } from './ops/index.js'
import { type Pullback, asInputs } from './ops/rule.js'
import { type Emit, type Node, type Program, type Value, program, valueOf } from './program.js'

/** A program that also computes gradients, and the node that holds each parameter's. */
export interface Differentiated {
  readonly program: Program
  readonly gradients: Readonly<Record<string, number>>
}

/**
 * Appends the gradient of the scalar output `loss` with respect to the parameters named in `wrt`. Reverse mode. Only nodes between a wanted
 * parameter and the loss get an adjoint: a frozen branch costs nothing. A wanted parameter that the loss does not read has no gradient.
 */
export const differentiate =
  (loss: string, wrt: ReadonlySet<string>) =>
  (forward: Program): Differentiated => {
    const root = forward.outputs[loss]
    invariant(root !== undefined && forward.nodes[root]?.shape.length === 0, `${loss} is not a scalar output`)
    const gradients = new Map<string, Value>()
    const written = program((emit) => {
      for (const [name, gradient] of backward(emit, forward, root, wrt)) gradients.set(name, gradient)
      return {}
    }, forward)
    return { program: written, gradients: Object.fromEntries([...gradients].map(([name, { node }]) => [name, node])) }
  }

const backward = (emit: Emit, forward: Program, root: number, wrt: ReadonlySet<string>): ReadonlyMap<string, Value> => {
  const wanted = dependants(forward, wrt)
  const adjoints = new Map<number, Value>()
  const gradients = new Map<string, Value>()
  if (wanted.has(root)) adjoints.set(root, emit('constant', [], { value: 1, shape: [] }))
  for (let i = root; i >= 0; i--) {
    const [node, dy] = [forward.nodes[i], adjoints.get(i)]
    if (node === undefined || dy === undefined) continue
    if (node.op === 'parameter') accumulate(emit, gradients, node.attributes.name, dy)
    pullbacks(emit, forward, node, i, dy).forEach((pullback, k) => {
      const into = node.inputs[k]
      if (into === undefined || !wanted.has(into)) return
      invariant(pullback !== undefined, `input ${k} of ${node.op} has no gradient, yet what it reads is trained`)
      accumulate(emit, adjoints, into, pullback())
    })
  }
  return gradients
}

const accumulate = <K>(emit: Emit, sums: Map<K, Value>, key: K, term: Value): void => {
  const before = sums.get(key)
  sums.set(key, before === undefined ? term : emit('add', [before, term], {}))
}

const pullbacks = <K extends Op>(emit: Emit, p: Program, node: Node<K>, at: number, dy: Value): readonly Pullback[] =>
  ops[node.op].adjoint(emit, asInputs(node.inputs.map((n) => valueOf(p, n))), node.attributes, dy, valueOf(p, at))

/** The nodes whose value depends on a parameter named in `wrt`. */
const dependants = (p: Program, wrt: ReadonlySet<string>): ReadonlySet<number> =>
  p.nodes.reduce((found, node, i) => {
    const own = node.op === 'parameter' && wrt.has(node.attributes.name)
    return own || node.inputs.some((n) => found.has(n)) ? found.add(i) : found
  }, new Set<number>())
