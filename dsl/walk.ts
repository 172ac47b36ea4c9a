import { type Child, type NodeKind, type Nodes, childrenOf } from './children.js'
import { type Fields, elements, isRecord, nameIn } from './json-value.js'
import { type Path, at } from './path.js'

/** A node of a spec, what it is, and where it is. */
export interface Visited<K extends NodeKind = NodeKind> {
  readonly kind: K
  readonly node: Nodes[K]
  readonly path: Path | undefined
}

interface Found {
  readonly kind: NodeKind
  readonly node: Fields
  readonly path: Path | undefined
}

const below = (node: Fields, path: Path | undefined, field: string, child: Child): readonly Found[] => {
  const value = node[field]
  const here = at(path, field)
  if (child.key === null) return isRecord(value) ? visit(child.kind, value, here) : []
  const { kind, key } = child
  return elements(value).flatMap((element) => visit(kind, element, at(here, nameIn(element, key))))
}

const visit = (kind: NodeKind, node: Fields, path: Path | undefined): readonly Found[] => [
  { kind, node, path },
  ...childrenOf(kind).flatMap(([field, child]) => below(node, path, field, child)),
]

/** Every node of a kind under a root, outermost first, each with its path: `select('model', 'expert')(mini)`. */
export const select =
  <R extends NodeKind, K extends NodeKind>(root: R, kind: K) =>
  (node: Nodes[R]): readonly Visited<K>[] =>
    // The table of children says which node has which kind, so that the cast adds nothing to it.
    (isRecord(node) ? visit(root, node, undefined) : []).filter((found) => found.kind === kind) as unknown as readonly Visited<K>[]

/** A list of nodes, where it is, and by what its elements are told apart. */
export interface IdList {
  readonly path: Path
  readonly ids: readonly string[]
}

/** Every list of nodes under a root. */
export const lists = <R extends NodeKind>(root: R, node: Nodes[R]): readonly IdList[] =>
  (isRecord(node) ? visit(root, node, undefined) : []).flatMap((found) =>
    childrenOf(found.kind).flatMap(([field, { key }]) =>
      key === null ? [] : [{ path: at(found.path, field), ids: elements(found.node[field]).map((element) => nameIn(element, key)) }],
    ),
  )
