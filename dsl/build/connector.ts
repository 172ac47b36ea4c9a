import type { Connector, ConnectorActivation } from '../spec/index.js'
import type { Size } from './arithmetic.js'

/** A connector whose width may still wait for the decoder's. */
export interface ConnectorDraft extends Omit<Connector, 'width'> {
  readonly width: number | 'decoder'
}

/** A connector whose join the editor knows. */
interface JoinOf<J extends number> extends ConnectorDraft {
  readonly join: J
}

interface MlpOptions<Depth, Join> {
  readonly depth?: Depth
  readonly activation?: ConnectorActivation
  /** Side of the square of features joined into one token. */
  readonly join?: Join
  /** Width between the layers: the decoder's, if not given. */
  readonly width?: number
}

/** LLaVA's projector: two layers with a gelu between, if nothing else is said. */
export function mlp<const D extends number = number, const J extends number = 1>(options?: MlpOptions<Size<D>, Size<J>>): JoinOf<J>
export function mlp(options: MlpOptions<number, number> = {}): ConnectorDraft {
  return { kind: 'mlp', depth: 2, activation: 'gelu', join: 1, width: 'decoder', ...options }
}

/** The connector as it fits a decoder. */
export const connectorTo = (width: number, draft: ConnectorDraft): Connector => ({ ...draft, width: draft.width === 'decoder' ? width : draft.width })
