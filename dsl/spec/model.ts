import { type Codec, format, id, list, nullable, struct } from '../schema/index.js'
import { Connector } from './connector.js'
import { Decoder } from './decoder.js'
import { Locator } from './locator.js'
import { Site } from './site.js'
import { Task } from './task.js'
import { Vision } from './vision.js'

/** The whole structural state of one version of a model: explicit and complete, nothing is left to a default. */
export interface ModelSpec {
  readonly format: 'cmoe/model/1'
  readonly name: string
  readonly vision: Vision
  readonly connector: Connector
  readonly decoder: Decoder
  /** In the order they came. */
  readonly tasks: readonly Task[]
  /** Only those that may hold experts, in the order of the decoder. */
  readonly sites: readonly Site[]
  readonly locator: Locator | null
}

export const ModelSpec: Codec<ModelSpec> = struct<ModelSpec>({
  format: format('cmoe/model/1'),
  name: id,
  vision: Vision,
  connector: Connector,
  decoder: Decoder,
  tasks: list(Task, 'id'),
  sites: list(Site, 'id'),
  locator: nullable(Locator),
})
