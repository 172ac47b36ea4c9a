import { type Codec, oneOf, size, struct } from '../schema/index.js'

export type ConnectorActivation = 'gelu' | 'gelu-tanh' | 'relu'

/** LLaVA's projector: `depth` linear layers from the tower's features to the decoder's width. */
export interface Connector {
  readonly kind: 'mlp'
  /** Side of the square of neighbouring features that are joined into one token before the first layer; 1 joins nothing. */
  readonly join: number
  readonly depth: number
  /** Width between the layers; the last layer's is the decoder's. */
  readonly width: number
  readonly activation: ConnectorActivation
}

export const Connector: Codec<Connector> = struct<Connector>({
  kind: oneOf('mlp'),
  join: size,
  depth: size,
  width: size,
  activation: oneOf<ConnectorActivation>('gelu', 'gelu-tanh', 'relu'),
})
