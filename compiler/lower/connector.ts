import type { Connector, Vision } from '../../dsl/index.js'
import { names } from '../plan/names.js'
import type { Value } from '../program.js'
import { linear, reshape } from './linear.js'
import type { Scope } from './scope.js'
import { patchCount } from './vision.js'

/** Visual tokens that the decoder reads for one picture. */
export const visualTokens = (vision: Vision, connector: Connector): number => patchCount(vision) / connector.join ** 2

/** The connector: tower features [batch * P, width] to visual tokens [batch * P / join², decoder width]; `join` x `join` neighbours become one token first. */
export const lowerConnector = (scope: Scope, connector: Connector, vision: Vision, features: Value, batch: number): Value =>
  Array.from({ length: connector.depth }).reduce<Value>(
    (x, _, layer) => linear(scope, names.connector(layer + 1), layer === 0 ? x : scope.emit('map', [x], { f: connector.activation })),
    joined(scope, connector.join, vision, features, batch),
  )

/** Neighbours in a row of patches lie next to each other in memory; those of the next row are `side` tokens away. */
const joined = (scope: Scope, join: number, vision: Vision, features: Value, batch: number): Value => {
  if (join === 1) return features
  const side = Math.sqrt(patchCount(vision))
  const [bands, band] = [(batch * side) / join, side * vision.width]
  const rows = reshape(scope, features, bands, join * band)
  const lines = Array.from({ length: join }, (_, i) =>
    reshape(scope, scope.emit('slice', [rows], { axis: 1, from: i * band, to: (i + 1) * band }), (bands * side) / join, join * vision.width),
  )
  return scope.emit('concat', lines, { axis: 1 })
}
