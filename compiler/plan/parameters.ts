import type { ModelSpec } from '../../dsl/index.js'
import type { Shape } from '../shape.js'
import { connectorParameters, decoderParameters, visionParameters } from './base.js'
import { expertParameters, routerParameters } from './grown.js'
import { locatorParameters } from './locator.js'

/** How a parameter starts. Random starts are drawn from a stream named after the parameter, so that growth never shifts another's. */
export type Initial =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'copy'; readonly of: string }

/** How a parameter starts that is made from nothing. */
export type Fresh = Exclude<Initial, { readonly kind: 'copy' }>

/** Whose parameter it is. */
export type Owner =
  | { readonly kind: 'base'; readonly part: 'vision' | 'connector' | 'decoder' }
  | { readonly kind: 'expert'; readonly site: string; readonly expert: string }
  | { readonly kind: 'router'; readonly site: string; readonly task: string }
  | { readonly kind: 'locator'; readonly task: string }

export interface Parameter {
  readonly name: string
  readonly shape: Shape
  readonly owner: Owner
  readonly initial: Initial
}

export type ParameterTable = ReadonlyMap<string, Parameter>

const tableOf = (all: readonly Parameter[]): ParameterTable => new Map(all.map((parameter) => [parameter.name, parameter]))

const baseParameters = ({ vision, connector, decoder }: ModelSpec): readonly Parameter[] => [
  ...visionParameters(vision),
  ...connectorParameters(connector, vision, decoder),
  ...decoderParameters(decoder),
]

const siteParameters = ({ sites, decoder }: ModelSpec): readonly Parameter[] =>
  sites.flatMap((site) => [...expertParameters(decoder, site), ...routerParameters(decoder, site)])

/** Every parameter of a model, in the order of the architecture: what the store holds, and what files are checked against. */
export const parameters = (model: ModelSpec): ParameterTable =>
  tableOf([...baseParameters(model), ...siteParameters(model), ...locatorParameters(model)])

/** The same without those that another model has because the very same parts are in it: what is left of a model of thousands where one change leads from the other to it. */
export const parametersBeside = (model: ModelSpec, other: ModelSpec): ParameterTable => {
  if (model.vision !== other.vision || model.connector !== other.connector || model.decoder !== other.decoder) return parameters(model)
  const shared = new Set(other.sites)
  return tableOf([
    ...siteParameters({ ...model, sites: model.sites.filter((site) => !shared.has(site)) }),
    ...(model.locator === other.locator && model.tasks === other.tasks ? [] : locatorParameters(model)),
  ])
}
