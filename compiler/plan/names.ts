import type { Linear } from '../../dsl/index.js'

/**
 * The names of all parameters. Those of the base are the Hugging Face names of a LLaVA model in memory (transformers 4.52 and later);
 * experts, routers and locators follow one scheme: `experts.<site>.<expert>.lora_A.weight`, `routers.<site>.<task>.weight`, `locator.<task>.<tensor>`.
 */
const tower = 'model.vision_tower.vision_model'
const text = 'model.language_model'

export const names = {
  tower: {
    patches: `${tower}.embeddings.patch_embedding`,
    positions: `${tower}.embeddings.position_embedding.weight`,
    classToken: `${tower}.embeddings.class_embedding`,
    preNorm: `${tower}.pre_layrnorm`,
    postNorm: `${tower}.post_layernorm`,
    block: (layer: number) => `${tower}.encoder.layers.${layer}`,
  },
  connector: (layer: number) => `model.multi_modal_projector.linear_${layer}`,
  decoder: {
    embedding: `${text}.embed_tokens.weight`,
    layer: (layer: number) => `${text}.layers.${layer}`,
    /** `attn.q` is `self_attn.q_proj`, `ffn.up` is `mlp.up_proj`. */
    linear: (layer: number, linear: Linear) => `${text}.layers.${layer}.${linear.replace('attn.', 'self_attn.').replace('ffn.', 'mlp.')}_proj`,
    norm: `${text}.norm.weight`,
    head: 'lm_head.weight',
  },
  expert: (site: string, expert: string, factor: 'A' | 'B') => `experts.${site}.${expert}.lora_${factor}.weight`,
  router: (site: string, task: string) => `routers.${site}.${task}.weight`,
  locator: (task: string, tensor: string) => `locator.${task}.${tensor}`,
  firstMoment: (parameter: string) => `adamw.m.${parameter}`,
  secondMoment: (parameter: string) => `adamw.v.${parameter}`,
  cache: (layer: number, part: 'key' | 'value', slots: number) => `cache.${slots}.${layer}.${part}`,
} as const
