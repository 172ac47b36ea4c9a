import { type Child, type NodeKind, type Nodes, childrenOf, nodeKinds } from './children.js'
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

/** The nodes right below a node, under one of its fields. */
const below = ({ node, path }: Found, field: string, { kind, key }: Child): readonly Found[] => {
  const value = node[field]
  const here = at(path, field)
  if (key === null) return isRecord(value) ? [{ kind, node: value, path: here }] : []
  return elements(value).map((element) => ({ kind, node: element, path: at(here, nameIn(element, key)) }))
}

/** A node and all below it, outermost first; parts of kinds that are not entered are left out whole. */
const visit =
  (enters: (kind: NodeKind) => boolean) =>
  (found: Found): readonly Found[] => [
    found,
    ...childrenOf(found.kind).flatMap(([field, child]) => (enters(child.kind) ? below(found, field, child).flatMap(visit(enters)) : [])),
  ]

const allUnder = (kind: NodeKind, node: unknown): readonly Found[] => (isRecord(node) ? visit(() => true)({ kind, node, path: undefined }) : [])

/** The kinds that lie somewhere under a kind, itself among them. */
const reachOf = (kind: NodeKind, known: ReadonlySet<NodeKind> = new Set()): ReadonlySet<NodeKind> =>
  known.has(kind)
    ? known
    : childrenOf(kind).reduce<ReadonlySet<NodeKind>>((found, [, child]) => reachOf(child.kind, found), new Set([...known, kind]))

const reach: ReadonlyMap<NodeKind, ReadonlySet<NodeKind>> = new Map(nodeKinds.map((kind) => [kind, reachOf(kind)]))

/** Every node of a kind under a root, outermost first, each with its path: `select('model', 'expert')(mini)`. Parts that cannot hold that kind are not looked into. */
export const select =
  <R extends NodeKind, K extends NodeKind>(root: R, kind: K) =>
  (node: Nodes[R]): readonly Visited<K>[] =>
    isRecord(node)
      ? // The table of children says which node has which kind, so that the cast adds nothing to it.
        (visit((each) => reach.get(each)?.has(kind) === true)({ kind: root, node, path: undefined }).filter(
          (found) => found.kind === kind,
        ) as unknown as readonly Visited<K>[])
      : []

/** A list of nodes, where it is, and by what its elements are told apart. */
export interface IdList {
  readonly path: Path
  readonly ids: readonly string[]
}

/** Every list of nodes under a root. */
export const lists = <R extends NodeKind>(root: R, node: Nodes[R]): readonly IdList[] =>
  allUnder(root, node).flatMap((found) =>
    childrenOf(found.kind).flatMap(([field, { key }]) =>
      key === null ? [] : [{ path: at(found.path, field), ids: elements(found.node[field]).map((element) => nameIn(element, key)) }],
    ),
  )
