import type { NodeKind, Nodes } from '../children.js'
import { type Diagnostics, diagnostic } from '../diagnostics.js'
import { type Path, at } from '../path.js'
import { lists } from '../walk.js'
import { unless } from './rule.js'

/** Reports every id that was there before. */
export const unique = (ids: readonly string[], path: Path | undefined): Diagnostics => {
  const seen = new Set<string>()
  return ids.flatMap((id) => {
    const first = !seen.has(id)
    seen.add(id)
    return unless(first, () => diagnostic('duplicate-id', at(path, id), { id }))
  })
}

/** What is matched by id has one: in every list of nodes, of any kind of spec. */
export const idsAreUnique = <R extends NodeKind>(root: R, node: Nodes[R]): Diagnostics =>
  lists(root, node).flatMap(({ path, ids }) => unique(ids, path))
