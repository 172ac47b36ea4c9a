import type { ModelSpec } from '../../dsl/index.js'
import { connectorParameters, decoderParameters, visionParameters } from './base.js'
import { expertParameters, routerParameters } from './grown.js'
import { locatorParameters } from './locator.js'
import type { Parameter, ParameterTable } from './parameter.js'

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
