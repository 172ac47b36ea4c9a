import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { costText } from '../../cli/cost-text.js'
import { costOf } from '../../compiler/cost.js'
import type { Parameter } from '../../compiler/plan/parameter.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { size } from '../../compiler/shape.js'
import { type ModelSpec, check, decodeModel, print } from '../../dsl/index.js'
import type { Json } from '../../dsl/json.js'
import { modelOfConfig } from '../../models/formats/config.js'
import { gallery, llava13b, llava7b } from '../../models/index.js'

/** Tensors that differ by their layer alone, together: `layers.0-31.mlp.up_proj.weight  [11008, 4096]  normal, 32 x 45088768`. */
const tableText = (model: ModelSpec): string => {
  const groups = new Map<string, readonly Parameter[]>()
  for (const parameter of parameters(model).values()) {
    const stem = parameter.name.replace(/layers\.\d+/u, 'layers.*')
    groups.set(stem, [...(groups.get(stem) ?? []), parameter])
  }
  return [...groups]
    .map(([stem, [first, ...more]]) =>
      first === undefined
        ? ''
        : `${stem.replace('*', `0-${more.length}`)}  [${first.shape.join(', ')}]  ${first.initial.kind}, ${1 + more.length} x ${size(first.shape)}`,
    )
    .join('\n')
}

const textOf = (model: ModelSpec): string => `${print(model)}\n\n${costText(costOf(model, 64))}\n\n${tableText(model)}\n`

// What a model is, costs and holds, as committed text: a change of any of them is seen in review. `vitest -u` writes it anew.
describe.each(gallery.map((model) => [model.name, model] as const))('%s in the gallery', (name, model) => {
  it('is a good spec', () => {
    expect(check(model).filter(({ severity }) => severity === 'error')).toEqual([])
    expect(decodeModel(JSON.parse(JSON.stringify(model)))).toEqual(E.right(model))
  })

  it('is, costs and holds what its text says', async () => {
    await expect(textOf(model)).toMatchFileSnapshot(`../fixtures/gallery/${name}.txt`)
  })
})

/** As published: `config.json` of llava-hf/llava-1.5-7b-hf and -13b-hf. */
const config = (text: Json): Json => ({
  architectures: ['LlavaForConditionalGeneration'],
  ignore_index: -100,
  image_token_index: 32_000,
  model_type: 'llava',
  pad_token_id: 32_001,
  projector_hidden_act: 'gelu',
  text_config: text,
  tie_word_embeddings: false,
  torch_dtype: 'float16',
  vision_config: {
    hidden_size: 1024,
    image_size: 336,
    intermediate_size: 4096,
    model_type: 'clip_vision_model',
    num_attention_heads: 16,
    num_hidden_layers: 24,
    patch_size: 14,
    projection_dim: 768,
    vocab_size: 32_000,
  },
  vision_feature_layer: -2,
  vision_feature_select_strategy: 'default',
  vocab_size: 32_064,
})

const vicuna = { max_position_embeddings: 4096, model_type: 'llama', rms_norm_eps: 1e-5, torch_dtype: 'float16', vocab_size: 32_064 }
const large = { hidden_size: 5120, intermediate_size: 13_824, num_attention_heads: 40, num_hidden_layers: 40, num_key_value_heads: 40 }

describe('the shapes of LLaVA-1.5', () => {
  it.each([
    ['7B', llava7b, config(vicuna)],
    ['13B', llava13b, config({ ...vicuna, ...large })],
  ] as const)('are those of the published configuration: %s', (_, { vision, connector, decoder }, json) => {
    expect(modelOfConfig(json, 'published')).toMatchObject(E.right({ model: { vision, connector, decoder } }))
  })
})
