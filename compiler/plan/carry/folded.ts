import { groups } from '../../../dsl/groups.js'
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
  const alike = groups(found, (each) => showDiagnostic(each.code === 'tensor-other-shape' ? about(each, anyLayer(printPath(each.path))) : each))
  return [...alike.values()].flatMap((group): Diagnostics => {
    const [first] = group
    if (first === undefined || group.length === 1) return group
    if (first.code !== 'tensor-other-shape') return [first]
    const pattern = anyLayer(printPath(first.path))
    return names.filter(fitting(pattern)).length === group.length ? [about(first, pattern)] : group
  })
}
