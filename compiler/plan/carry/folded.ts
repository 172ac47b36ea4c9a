import { type Diagnostic, type Diagnostics, printPath, showDiagnostic } from '../../../dsl/index.js'
import { pathOf } from '../../../dsl/path.js'
import { anyLayer, fitting } from './pattern.js'

/** The same said of other tensors. */
const about = (found: Diagnostic, name: string): Diagnostic => ({ ...found, path: pathOf([name]) })

/**
 * Each problem once, and what is wrong with a tensor of every layer as one: told of the pattern that these tensors fit and no other of the new version
 * does, which is also what could be reinitialised.
 */
export const folded = (found: Diagnostics, names: readonly string[]): Diagnostics => {
  const groups = new Map<string, Diagnostics>()
  for (const each of found) {
    const name = printPath(each.path)
    const key = showDiagnostic(each.code === 'tensor-other-shape' ? about(each, anyLayer(name)) : each)
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].flatMap((group): Diagnostics => {
    const [first] = group
    if (first === undefined || group.length === 1) return group
    if (first.code !== 'tensor-other-shape') return [first]
    const pattern = anyLayer(printPath(first.path))
    return names.filter(fitting(pattern)).length === group.length ? [about(first, pattern)] : group
  })
}
