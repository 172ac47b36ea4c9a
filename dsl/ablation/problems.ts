import { type Diagnostic, type Diagnostics, diagnostic, under } from '../diagnostics.js'
import { keys } from '../path.js'

/** What the base is called among its variants. */
export const baseLabel = 'base'

/** What tells variants apart. */
interface Named {
  readonly label: string
  readonly hash: string
}

/** Variants that are one with another or with the base, whose hash is given: by what they are, or by what they are called. */
export const twice = (base: string, variants: readonly Named[]): Diagnostics => {
  const byHash = new Map<string, Named>([[base, { label: baseLabel, hash: base }]])
  const labels = new Set([baseLabel])
  return variants.flatMap((variant): readonly Diagnostic[] => {
    const [same, taken] = [byHash.get(variant.hash), labels.has(variant.label)]
    byHash.set(variant.hash, same ?? variant)
    labels.add(variant.label)
    const path = under(variant.label)
    if (same !== undefined) return [path(diagnostic('variant-twice', undefined, { other: same.label, hash: variant.hash }))]
    return taken ? [path(diagnostic('label-twice', undefined, { label: variant.label }))] : []
  })
}

/** What is wrong in many variants alike is told of the first, with how many more there are. */
export const toldOnce = (found: Diagnostics): Diagnostics => {
  const alike = new Map<string, { readonly first: Diagnostic; readonly more: number }>()
  for (const each of found) {
    const key = [each.code, each.message, ...keys(each.path).slice(1)].join('\n')
    const before = alike.get(key)
    alike.set(key, before === undefined ? { first: each, more: 0 } : { ...before, more: before.more + 1 })
  }
  return [...alike.values()].map(({ first, more }) => (more === 0 ? first : { ...first, message: `${first.message}; so in ${more} more` }))
}
