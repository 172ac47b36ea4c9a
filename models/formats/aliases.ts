/**
 * The names that a tensor of a LLaVA model has in files, and the one it has here: that of the model in memory in transformers 4.52 to 4.57. Published
 * checkpoints and transformers 5 write `language_model.model.`, and the tower with or without its inner `vision_model.`.
 */
const renamings: readonly (readonly [RegExp, string])[] = [
  [/^language_model\.model\./, 'model.language_model.'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^multi_modal_projector\./, 'model.multi_modal_projector.'],
  [/^vision_tower\./, 'model.vision_tower.'],
  [/^model\.vision_tower\.(?!vision_model\.)/, 'model.vision_tower.vision_model.'],
]

export const nameInMemory = (name: string): string =>
  renamings.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), name)

/** The name that published llava-hf checkpoints use and every version of transformers reads. */
export const nameInFile = (name: string): string =>
  name
    .replace(/^model\.language_model\./, 'language_model.model.')
    .replace(/^lm_head\./, 'language_model.lm_head.')
    .replace(/^model\.(multi_modal_projector|vision_tower)\./, '$1.')

/** Tensors of older checkpoints that can be computed, and the pooling head of SigLIP, which LLaVA does not use. */
export const isSuperfluous = (name: string): boolean =>
  /\.position_ids$|\.rotary_emb\.inv_freq$|^model\.vision_tower\.vision_model\.head\./.test(name)
