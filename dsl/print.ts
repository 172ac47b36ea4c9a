import { same } from './canonical.js'
import { groups } from './groups.js'
import { hash } from './hash.js'
import { shortHash } from './short-hash.js'
import { readSite } from './sites.js'
import type { Connector, Decoder, Expert, ModelSpec, Router, Site, Vision } from './spec/index.js'
import { gateText, locatorText } from './wording.js'

const visionText = ({ kind, image, patch, width, layers, heads, ffn, activation, layer }: Vision): string =>
  `${kind}, ${image} px in patches of ${patch}, ${layers} layers of ${width} (${heads} heads, FFN ${ffn}, ${activation}), feature of layer ${layer}`

const connectorText = ({ kind, join, depth, width, activation }: Connector): string =>
  `${kind}, ${depth === 1 ? '1 layer' : `${depth} layers`} of ${width} (${activation})${join === 1 ? '' : `, ${join} x ${join} features joined`}`

const decoderText = ({ kind, vocab, width, layers, heads, kvHeads, headDim, ffn, positions, tied, qkvBias, rope }: Decoder): string =>
  [
    `${kind}, ${layers} layers of ${width}`,
    `${heads} heads of ${headDim} (${kvHeads} key-value)`,
    `FFN ${ffn}`,
    `${vocab} tokens${tied ? ', tied' : ''}`,
    `${positions} positions, rope ${rope.theta}${rope.scaling === null ? '' : ` scaled (${rope.scaling.kind} x ${rope.scaling.factor})`}`,
    ...(qkvBias ? ['qkv bias'] : []),
  ].join(', ')

/** Ids that differ by their last number only, together: `initial.0-3`. */
const idsText = (experts: readonly Expert[]): string => {
  const stems = groups(experts, ({ id, rank }) => `${id.replace(/\.\d+$/u, '')}|${rank}`)
  return [...stems.values()].map(groupText).join(', ')
}

const groupText = (group: readonly Expert[]): string => {
  const [first, last] = [group[0], group.at(-1)]
  if (first === undefined || last === undefined) return ''
  const range = first === last ? first.id : `${first.id}-${last.id.split('.').at(-1) ?? ''}`
  return `${range} (rank ${first.rank}${first.probe ? ', probe' : ''}${first.origin.kind === 'copy' ? `, of ${first.origin.of}` : ''})`
}

const routersText = (routers: readonly Router[]): string =>
  routers.length === 0 ? '' : `; routers: ${routers.map(({ task, sees, gate }) => `${task} ${gateText(gate)} of ${sees.length}`).join(', ')}`

const contentText = ({ experts, routers }: Site): string => `${experts.length === 0 ? 'no experts' : idsText(experts)}${routersText(routers)}`

/** Sites in a row that hold the same: printed as one. */
interface Run {
  readonly first: Site
  readonly last: Site
}

const joins = ({ first, last }: Run, site: Site): boolean => {
  const [here, before] = [readSite(site.id), readSite(last.id)]
  return (
    here !== undefined &&
    before !== undefined &&
    here.linear === before.linear &&
    here.layer === before.layer + 1 &&
    same({ ...first, id: '' }, { ...site, id: '' })
  )
}

const runs = (sites: readonly Site[]): readonly Run[] => {
  const found: Run[] = []
  sites.forEach((site) => {
    const open = found.findIndex((run) => joins(run, site))
    const run = found[open]
    if (run === undefined) found.push({ first: site, last: site })
    else found[open] = { ...run, last: site }
  })
  return found
}

const runText = ({ first, last }: Run): string => {
  const end = readSite(last.id)
  const name = first === last || end === undefined ? first.id : first.id.replace(/^decoder\.(\d+)/u, `decoder.$1-${end.layer}`)
  return `  ${name}: ${contentText(first)}`
}

/** A model for people, on one screen: sites that hold the same are told once. */
export const print = (model: ModelSpec): string =>
  [
    `${model.name}  ${shortHash(hash(model))}`,
    `  vision: ${visionText(model.vision)}`,
    `  connector: ${connectorText(model.connector)}`,
    `  decoder: ${decoderText(model.decoder)}`,
    `  locator: ${model.locator === null ? 'none; somebody names the task' : locatorText(model.locator)}`,
    `  tasks: ${model.tasks.length === 0 ? 'none yet' : model.tasks.map(({ id }) => id).join(', ')}`,
    ...runs(model.sites).map(runText),
  ].join('\n')
