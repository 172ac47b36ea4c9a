import type { Connector, ConnectorActivation } from '../spec/index.js'

/** A connector whose width may still wait for the decoder's. */
export interface ConnectorDraft extends Omit<Connector, 'width'> {
  readonly width: number | 'decoder'
}

interface MlpOptions {
  readonly depth?: number
  readonly activation?: ConnectorActivation
  /** Side of the square of features joined into one token. */
  readonly join?: number
  /** Width between the layers: the decoder's, if not given. */
  readonly width?: number
}

/** LLaVA's projector: two layers with a gelu between, if nothing else is said. */
export const mlp = (options: MlpOptions = {}): ConnectorDraft => ({
  kind: 'mlp',
  depth: 2,
  activation: 'gelu',
  join: 1,
  width: 'decoder',
  ...options,
})

/** The connector as it fits a decoder. */
export const connectorTo = (width: number, draft: ConnectorDraft): Connector => ({ ...draft, width: draft.width === 'decoder' ? width : draft.width })
