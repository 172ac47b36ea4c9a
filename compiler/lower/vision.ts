import type { Vision } from '../../dsl/index.js'
import { names } from '../plan/names.js'
import type { Value } from '../program.js'
import { layerNorm, linear, reshape } from './linear.js'
import type { Scope } from './scope.js'

/**
 * The tower: patches [batch * P, 3 * patch²] (channel, row, column) to features [batch * P, width] of the chosen block, class token dropped.
 * CLIP: class token and a norm before the first block (transformers `CLIPVisionTransformer`); SigLIP: neither, and a norm after the last block.
 */
export const lowerVision = (scope: Scope, vision: Vision, patches: Value, batch: number): Value => {
  const embedded = lowerPatches(scope, vision, patches, batch)
  const hidden = Array.from({ length: blockCount(vision) }).reduce<Value>((x, _, layer) => lowerBlock(scope, vision, x, batch, layer), embedded)
  return lowerFeatures(scope, vision, hidden, batch)
}

/** Blocks that the features come through: those behind the chosen one are never computed. */
export const blockCount = ({ layer, layers }: Pick<Vision, 'layer' | 'layers'>): number => (layer < 0 ? layers + 1 + layer : layer)

/**
 * What the chosen block leaves, as features: behind SigLIP's last norm where all blocks are used, and without class token. transformers' LLaVA takes the last block
 * of a SigLIP tower before that norm (`hidden_states[-1]`), so that such a checkpoint with `vision_feature_layer: -1` means another model than ours with that layer.
 */
export const lowerFeatures = (scope: Scope, vision: Vision, hidden: Value, batch: number): Value => {
  const whole = blockCount(vision) === vision.layers
  const normed = vision.kind === 'siglip-vit' && whole ? layerNorm(scope, names.tower.postNorm, hidden, vision.epsilon) : hidden
  return vision.kind === 'clip-vit' ? withoutClassToken(scope, vision, normed, batch) : normed
}

/** Patches of one picture. */
export const patchCount = ({ image, patch }: Pick<Vision, 'image' | 'patch'>): number => Math.floor(image / patch) ** 2

/** Numbers in a patch: three channels of its rows and columns. */
export const patchSize = ({ patch }: Pick<Vision, 'patch'>): number => 3 * patch ** 2

/** Patches to the tokens that the first block reads: class token in front where there is one, positions added. */
export const lowerPatches = (scope: Scope, vision: Vision, patches: Value, batch: number): Value => {
  const { emit, parameter } = scope
  const { width, kind } = vision
  const filters = reshape(scope, parameter(`${names.tower.patches}.weight`), width, patchSize(vision))
  const products = emit('matMul', [patches, filters], { transposeA: false, transposeB: true })
  const bias = `${names.tower.patches}.bias`
  const rows = scope.has(bias) ? emit('addRow', [products, parameter(bias)], {}) : products
  // One row a picture: the position table, and the class token in front, are then plain rows.
  const pictures = reshape(scope, rows, batch, patchCount(vision) * width)
  const tokens =
    kind === 'clip-vit' ? emit('concat', [emit('repeatRow', [parameter(names.tower.classToken)], { rows: batch }), pictures], { axis: 1 }) : pictures
  const columns = tokens.shape[1] ?? 0
  const placed = emit('addRow', [tokens, reshape(scope, parameter(names.tower.positions), columns)], {})
  const x = reshape(scope, placed, (batch * columns) / width, width)
  return kind === 'clip-vit' ? layerNorm(scope, names.tower.preNorm, x, vision.epsilon) : x
}

/** One block of the tower: attention over a picture's tokens, then the MLP. */
export const lowerBlock = (scope: Scope, vision: Vision, x: Value, batch: number, layer: number): Value => {
  const { emit } = scope
  const name = names.tower.block(layer)
  const attended = attention(scope, vision, layerNorm(scope, `${name}.layer_norm1`, x, vision.epsilon), batch, `${name}.self_attn`)
  const h = emit('add', [x, attended], {})
  const inner = linear(scope, `${name}.mlp.fc1`, layerNorm(scope, `${name}.layer_norm2`, h, vision.epsilon))
  return emit('add', [h, linear(scope, `${name}.mlp.fc2`, emit('map', [inner], { f: vision.activation }))], {})
}

const attention = (scope: Scope, { width, heads }: Vision, x: Value, batch: number, name: string): Value => {
  const { emit } = scope
  const [q, k, v] = [linear(scope, `${name}.q_proj`, x), linear(scope, `${name}.k_proj`, x), linear(scope, `${name}.v_proj`, x)]
  const grouping = { batch, heads, kvHeads: heads }
  const weights = emit('softmax', [emit('headScores', [q, k], { ...grouping, scale: (width / heads) ** -0.5 })], {})
  return linear(scope, `${name}.out_proj`, emit('headMix', [weights, v], { ...grouping, scale: 1 }))
}

const withoutClassToken = (scope: Scope, vision: Vision, x: Value, batch: number): Value => {
  const [patches, width] = [patchCount(vision), vision.width]
  const pictures = reshape(scope, x, batch, (patches + 1) * width)
  return reshape(scope, scope.emit('slice', [pictures], { axis: 1, from: width, to: (patches + 1) * width }), batch * patches, width)
}
