import { isRecord } from '../json-value.js'
import { match } from '../match.js'
import { type Block, blocks } from './blocks.js'
import type { Change, Keys } from './change.js'
import { showPatch } from './describe.js'
import type { Patch } from './patch.js'

const word = (text: string): string => (/^[\w .,:;/()-]*$/u.test(text) ? `'${text}'` : JSON.stringify(text))

/** `__proto__` as a plain key would be no key. */
const key = (name: string): string => (/^[A-Za-z_]\w*$/u.test(name) && name !== '__proto__' ? name : `[${word(name)}]`)

/** A JSON value as TypeScript. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .map(([name, part]) => `${key(name)}: ${literal(part)}`)
      .join(', ')} }`
  return typeof value === 'string' ? word(value) : JSON.stringify(value)
}

/** A change as a call, at a place that is already TypeScript. */
const call = (at: string, change: Change): string => {
  const told = (...values: readonly unknown[]): string => `changes.${change.kind}(${[at, ...values.map(literal)].join(', ')})`
  return match<Change, string>({
    added: ({ meta: { after, element } }) => told(after, element.kind, element.node),
    removed: ({ meta: { after, element } }) => told(after, element.kind, element.node),
    changed: ({ meta: { from, to } }) => told(from, to),
    moved: ({ meta: { what, id, from, to } }) => told(what, id, from, to),
    renamed: ({ meta: { what, from, to } }) => told(what, from, to),
    split: ({ meta: { after, one, parts } }) => told(after, one, parts),
    merged: ({ meta: { after, one, parts } }) => told(after, one, parts),
  })(change)
}

const inside = (list: Keys, change: Change): string => `[${[...list.map(word), 'site', ...change.meta.at.map(word)].join(', ')}]`

/** One call a change; many sites to which the same is done are a loop. */
const blockSource = ({ list, sites, changes }: Block): readonly string[] => {
  if (list === undefined) return changes.map((change) => `${call(literal(change.meta.at), change)},`)
  const loop = changes.map((change) => `  ${call(inside(list, change), change)},`)
  return [`...${literal(sites)}.flatMap((site) => [`, ...loop, ']),']
}

/**
 * A patch as a module that performs it: its default export is a function from a spec to the next, or to all that does not fit. To be read, changed and
 * kept with other sources.
 */
export const showSource = (patch: Patch): string => {
  const told = showPatch(patch).split('\n')
  return [
    "import { apply, changes } from 'cmoe/dsl'",
    '',
    ...told.map((line) => `// ${line.replaceAll(/[\s\u2028\u2029]/gu, ' ')}`),
    'export default apply({',
    `  format: ${literal(patch.format)},`,
    `  from: ${literal(patch.from)},`,
    `  to: ${literal(patch.to)},`,
    '  changes: [',
    ...blocks(patch.changes)
      .flatMap(blockSource)
      .map((line) => `    ${line}`),
    '  ],',
    '})',
    '',
  ].join('\n')
}
