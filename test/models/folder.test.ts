import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { parameters } from '../../compiler/plan/parameters.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Json } from '../../dsl/json.js'
import { nameInFile, nameInMemory } from '../../models/formats/aliases.js'
import { modelOfConfig } from '../../models/formats/config.js'
import { configOf } from '../../models/formats/config-writer.js'
import { toHalf } from '../../models/formats/dtypes.js'
import { nodeFiles } from '../../models/formats/files.js'
import { type ModelFolder, readModelFolder, writeModelFolder } from '../../models/formats/folder.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import type { Tensor, Tensors } from '../../models/formats/tensor.js'

const fixtures = new URL('../fixtures/', import.meta.url).pathname
const root = mkdtempSync(join(tmpdir(), 'folder-'))
afterAll(() => rmSync(root, { recursive: true }))

const read = readModelFolder(parameters)

const opened = async (folder: string): Promise<ModelFolder> => {
  const result = await read(folder)
  if (E.isLeft(result)) throw new Error(result.left.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return result.right
}

let copies = 0
/** A copy of a fixture's model folder, to be broken. */
const copy = (fixture: string): string => {
  const folder = join(root, `copy-${(copies += 1)}`)
  cpSync(join(fixtures, fixture, 'model'), folder, { recursive: true })
  return folder
}

const messages = async (folder: string): Promise<readonly string[]> => {
  const result = await read(folder)
  return E.isLeft(result) ? result.left.map(({ path, message }) => `${path.replace(`${folder}/`, '')}: ${message}`) : []
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

const change = (folder: string, name: string, edit: (object: Record<string, unknown>) => void): void => {
  const object = json(join(folder, name)) as Record<string, unknown>
  edit(object)
  writeFileSync(join(folder, name), JSON.stringify(object))
}

const rewrite = async (folder: string, edit: (tensors: Record<string, Tensor>) => Tensors): Promise<void> => {
  const path = join(folder, 'model.safetensors')
  const tensors = await readSafetensors()(path)
  if (E.isRight(tensors)) await writeSafetensors()(path, edit({ ...tensors.right.tensors }))
}

describe('a model folder', () => {
  it('as transformers 5 saves it', async () => {
    const { model, weights, imageToken, preprocessing, tokenizer } = await opened(join(fixtures, 'llava15/model'))
    expect(model.vision).toEqual({
      kind: 'clip-vit',
      image: 56,
      patch: 14,
      width: 40,
      layers: 4,
      heads: 4,
      ffn: 88,
      activation: 'quick-gelu',
      epsilon: 1e-5,
      layer: -2,
    })
    expect(model.connector).toEqual({ kind: 'mlp', join: 1, depth: 2, width: 48, activation: 'gelu' })
    expect(model.decoder).toEqual({
      kind: 'llama',
      vocab: 464,
      width: 48,
      layers: 3,
      heads: 4,
      kvHeads: 4,
      headDim: 12,
      ffn: 112,
      epsilon: 1e-5,
      positions: 512,
      tied: false,
      qkvBias: false,
      rope: { theta: 10000, scaling: null },
    })
    expect(imageToken).toBe(448)
    expect(tokenizer.size).toBe(450)
    expect(preprocessing.fit).toBe('crop')
    expect(Object.keys(weights).sort()).toEqual([...parameters(model).keys()].sort())
  })

  it('as the published checkpoints are: sharded, halves, other names, a config that leaves out what is usual', async () => {
    const [published, saved] = await Promise.all([opened(join(fixtures, 'llava15-hub-f16-sharded/model')), opened(join(fixtures, 'llava15/model'))])
    expect({ ...published.model, name: '' }).toEqual({ ...saved.model, name: '' })
    expect(published.imageToken).toBe(448)
    expect(Object.keys(published.weights).sort()).toEqual(Object.keys(saved.weights).sort())
    for (const [name, { data }] of Object.entries(saved.weights))
      expect(toHalf(published.weights[name]?.data as Float32Array)).toEqual(toHalf(data as Float32Array))
  })

  it('with grouped queries, a head size of its own, tied embeddings and padded pictures', async () => {
    const { model, weights, preprocessing } = await opened(join(fixtures, 'gqa-tied/model'))
    expect(model.decoder).toMatchObject({ heads: 6, kvHeads: 2, headDim: 10, tied: true, epsilon: 1e-6, rope: { theta: 50000, scaling: null } })
    expect(weights['lm_head.weight']).toBeUndefined()
    expect(preprocessing.fit).toBe('pad')
  })

  it('comes back as it was written, and under the names that everybody reads', async () => {
    const before = await opened(join(fixtures, 'gqa-tied/model'))
    const folder = join(root, 'written')
    const tokenizer = {
      tokenizer: json(join(fixtures, 'gqa-tied/model/tokenizer.json')) as Json,
      config: json(join(fixtures, 'gqa-tied/model/tokenizer_config.json')) as Json,
    }
    const grown = { ...before.weights, 'experts.decoder.0.ffn.up.gqa.0.lora_A.weight': { shape: [1], data: Float32Array.of(1) } }
    expect(await writeModelFolder()(folder, { ...before, weights: grown, tokenizer })).toEqual(E.right(undefined))
    const after = await opened(folder)
    expect(after.model).toEqual(before.model)
    expect(after.weights).toEqual(before.weights)
    expect([after.imageToken, after.preprocessing]).toEqual([before.imageToken, before.preprocessing])
    const inFile = await readSafetensors()(join(folder, 'model.safetensors'))
    const original = await readSafetensors()(join(fixtures, 'llava15-hub-f16-sharded/model/model-00001-of-00002.safetensors'))
    expect(
      E.isRight(inFile) &&
        E.isRight(original) &&
        Object.keys(original.right.tensors)
          .filter((name) => name.includes('layers.0'))
          .every((name) => name in inFile.right.tensors),
    ).toBe(true)
  })

  it('is not written on a full disk', async () => {
    const before = await opened(join(fixtures, 'gqa-tied/model'))
    const full = { ...nodeFiles, open: () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })) }
    const tokenizer = {
      tokenizer: json(join(fixtures, 'gqa-tied/model/tokenizer.json')) as Json,
      config: json(join(fixtures, 'gqa-tied/model/tokenizer_config.json')) as Json,
    }
    expect(await writeModelFolder(full)(join(root, 'full'), { ...before, tokenizer })).toMatchObject({
      left: { message: expect.stringContaining('no space left') as string },
    })
  })
})

describe('tensor names', () => {
  interface Row {
    readonly module: string
    readonly transformers_5_save: string
    readonly llava_hf_hub: string
    readonly transformers_4_52: string
  }
  const rows = json(join(fixtures, 'llava15/key_aliases.json')) as readonly Row[]

  it('of every version lead to the one in memory', () => {
    for (const row of rows) for (const name of Object.values(row) as string[]) expect(nameInMemory(name)).toBe(row.transformers_4_52)
  })

  it('are written as the published checkpoints have them', () => {
    for (const row of rows) expect(nameInFile(row.transformers_4_52)).toBe(row.llava_hf_hub)
  })
})

describe('a folder that is wrong', () => {
  it('lists every tensor that is missing, not asked for, or of another shape', async () => {
    const folder = copy('llava15')
    await rewrite(folder, ({ 'language_model.lm_head.weight': head, 'multi_modal_projector.linear_2.bias': bias, ...rest }) => ({
      ...rest,
      ...(head === undefined ? {} : { 'language_model.lm_head.weight': { ...head, shape: [48, 464] } }),
      ...(bias === undefined ? {} : { 'multi_modal_projector.linear_3.bias': bias }),
      'vision_tower.embeddings.position_ids': { shape: [1], data: Int32Array.of(0) },
    }))
    expect(await messages(folder)).toEqual([
      `${folder}: lacks tensors that its config.json asks for: model.multi_modal_projector.linear_2.bias`,
      `${folder}: has tensors that its config.json does not ask for: multi_modal_projector.linear_3.bias`,
      "model.safetensors: tensor 'language_model.lm_head.weight' has the shape [48, 464], config.json asks for [464, 48]; fetch the folder again, or mend config.json",
    ])
  })

  it('says of shapes that are all wrong the first, and how many more', async () => {
    const folder = copy('llava15')
    change(folder, 'config.json', (config) => (config['text_config'] = { ...Object(config['text_config']), intermediate_size: 7 }))
    expect(await messages(folder)).toEqual([
      expect.stringMatching(
        /^model\.safetensors: tensor '.*' has the shape \[.*\], config\.json asks for \[.*\b7\b.*\], and so for \d+ more; fetch the folder again, or mend config\.json$/,
      ),
    ])
  })

  it('may hold the copy of a tied head, but no tensor under two names', async () => {
    const folder = copy('gqa-tied')
    const embedding = (tensors: Tensors): Tensor => tensors['language_model.model.embed_tokens.weight'] ?? { shape: [0], data: new Float32Array(0) }
    await rewrite(folder, (tensors) => ({ ...tensors, 'lm_head.weight': embedding(tensors) }))
    expect(await messages(folder)).toEqual([])
    await rewrite(folder, (tensors) => ({ ...tensors, 'model.language_model.embed_tokens.weight': embedding(tensors) }))
    expect(await messages(folder)).toEqual([`${folder}: has tensors twice: language_model.model.embed_tokens.weight`])
  })

  it('is told about a file that is cut off', async () => {
    const folder = copy('llava15')
    truncateSync(join(folder, 'model.safetensors'), 100_000)
    expect(await messages(folder)).toEqual([
      expect.stringMatching(/^model\.safetensors: its tensors take \d+ bytes, but only \d+ are there: the file is cut off; fetch or write it again$/),
    ])
  })

  it('is told where its config is no JSON', async () => {
    const folder = copy('llava15')
    writeFileSync(join(folder, 'config.json'), '{\n  "model_type": "llava",\n}')
    expect(await messages(folder)).toEqual(['config.json:3:1: this is not JSON: expected a string in double quotes, found "}"'])
  })

  it('is told which shard is missing, and not led out of the folder', async () => {
    const folder = copy('llava15-hub-f16-sharded')
    rmSync(join(folder, 'model-00002-of-00002.safetensors'))
    expect(await messages(folder)).toEqual(['model-00002-of-00002.safetensors: there is no such file or folder; check the name'])
    change(folder, 'model.safetensors.index.json', (index) => (index['weight_map'] = { a: '../../elsewhere.safetensors' }))
    expect(await messages(folder)).toEqual([
      "model.safetensors.index.json: points to '../../elsewhere.safetensors', which is not a file of this folder",
    ])
  })

  it('is told about a tokenizer of another model, and about several things at once', async () => {
    const folder = copy('gqa-tied')
    cpSync(join(fixtures, 'llava15/model/tokenizer.json'), join(folder, 'tokenizer.json'))
    change(folder, 'preprocessor_config.json', (config) => (config['image_mean'] = [1, 2]))
    rmSync(join(folder, 'model.safetensors'))
    expect(await messages(folder)).toEqual([
      'preprocessor_config.json: image_mean must be three numbers, is [1,2]',
      'tokenizer.json: has 450 tokens, but the model has embeddings for 416; it belongs to another model',
      'model.safetensors: there is no such file or folder; check the name',
    ])
  })
})

describe('a config', () => {
  const base = json(join(fixtures, 'llava15-hub-f16-sharded/model/config.json')) as Record<string, Json>
  const text = base['text_config'] as Record<string, Json>
  const vision = base['vision_config'] as Record<string, Json>
  const problems = (config: Json): readonly string[] => {
    const model = modelOfConfig(config, 'x')
    return E.isLeft(model) ? model.left : []
  }
  const modelOf = (config: Json): ModelSpec | undefined => {
    const model = modelOfConfig(config, 'x')
    return E.isRight(model) ? model.right.model : undefined
  }

  it.each<readonly [string, Json, string]>([
    ['another kind of model', { ...base, model_type: 'llava_next' }, 'model_type must be one of llava here, is "llava_next"'],
    [
      'another decoder',
      { ...base, text_config: { ...text, model_type: 'gemma' } },
      'text_config.model_type must be one of llama, qwen2 here, is "gemma"',
    ],
    [
      'another tower',
      { ...base, vision_config: { ...vision, model_type: 'dinov2' } },
      'vision_config.model_type must be one of clip_vision_model, siglip_vision_model here, is "dinov2"',
    ],
    ['several feature layers', { ...base, vision_feature_layer: [-2, -5] }, 'vision_feature_layer must be a number, is [-2,-5]'],
    ['a feature layer that is not there', { ...base, vision_feature_layer: -5 }, 'vision_feature_layer must lie between -1 and -4 here, is -5'],
    [
      'the class token among the features',
      { ...base, vision_feature_select_strategy: 'full' },
      'vision_feature_select_strategy must be "default" here, is "full"',
    ],
    [
      'a scaling of positions that is not known',
      { ...base, text_config: { ...text, rope_scaling: { type: 'yarn' } } },
      'text_config.rope_scaling.type must be one of default, linear, llama3 here, is "yarn"',
    ],
    ['a width that is no number', { ...base, text_config: { ...text, hidden_size: '48' } }, 'text_config.hidden_size must be a number, is "48"'],
    ['biases in the feed-forward network', { ...base, text_config: { ...text, mlp_bias: true } }, 'text_config.mlp_bias must be false here, is true'],
  ])('is refused with %s', (_, config, message) => expect(problems(config)).toContain(message))

  it('without sizes is that of LLaVA-1.5 7B', () => {
    const { vision: tower, decoder } =
      modelOf({ model_type: 'llava', text_config: { max_position_embeddings: 4096, rms_norm_eps: 1e-5, vocab_size: 32064 } }) ?? {}
    expect(tower).toEqual({
      kind: 'clip-vit',
      image: 336,
      patch: 14,
      width: 1024,
      layers: 24,
      heads: 16,
      ffn: 4096,
      activation: 'quick-gelu',
      epsilon: 1e-5,
      layer: -2,
    })
    expect(decoder).toMatchObject({ width: 4096, layers: 32, heads: 32, kvHeads: 32, headDim: 128, ffn: 11008, vocab: 32064 })
  })

  it('may tie the embeddings at either place, and scale positions in either form', () => {
    expect(modelOf({ ...base, text_config: { ...text, tie_word_embeddings: true } })?.decoder.tied).toBe(true)
    expect(modelOf({ ...base, tie_word_embeddings: true })?.decoder.tied).toBe(true)
    const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 }
    const expected = { theta: 500000, scaling: { kind: 'llama3', factor: 8, lowFrequency: 1, highFrequency: 4, original: 8192 } }
    expect(modelOf({ ...base, text_config: { ...text, rope_theta: 500000, rope_scaling: llama3 } })?.decoder.rope).toEqual(expected)
    expect(modelOf({ ...base, text_config: { ...text, rope_parameters: { rope_theta: 500000, ...llama3 } } })?.decoder.rope).toEqual(expected)
  })

  const size = fc.integer({ min: 1, max: 64 })
  const model: fc.Arbitrary<ModelSpec> = fc.record({
    format: fc.constant('cmoe/model/1' as const),
    name: fc.constantFrom('mini', 'a.b-c_1'),
    vision: fc.constantFrom('clip-vit' as const, 'siglip-vit' as const).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        image: size,
        patch: size,
        width: size,
        layers: fc.constant(4),
        heads: size,
        ffn: size,
        activation: fc.constantFrom('gelu', 'gelu-tanh', 'quick-gelu'),
        epsilon: fc.constantFrom(1e-5, 1e-6),
        layer: fc.integer({ min: -4, max: -1 }),
      }),
    ),
    connector: fc.record({
      kind: fc.constant('mlp' as const),
      join: fc.constantFrom(1, 2),
      depth: fc.constantFrom(1, 2, 3),
      width: size,
      activation: fc.constantFrom('gelu', 'gelu-tanh', 'relu'),
    }),
    decoder: fc.record({
      kind: fc.constant('llama' as const),
      vocab: size,
      width: size,
      layers: size,
      heads: size,
      kvHeads: size,
      headDim: size,
      ffn: size,
      epsilon: fc.constantFrom(1e-5, 1e-6),
      positions: size,
      tied: fc.boolean(),
      qkvBias: fc.boolean(),
      rope: fc.record({
        theta: fc.constantFrom(10000, 5e5),
        scaling: fc.constantFrom(
          null,
          { kind: 'linear' as const, factor: 2 },
          { kind: 'llama3' as const, factor: 8, lowFrequency: 1, highFrequency: 4, original: 128 },
        ),
      }),
    }),
    tasks: fc.constant([]),
    sites: fc.constant([]),
    locator: fc.constant(null),
  })

  it('says of every model all that there is to say', () =>
    fc.assert(
      fc.property(model, (spec) => {
        expect(modelOfConfig(configOf(spec, { image: 4, bos: 1, eos: 2, pad: 3 }, 'vicuna-v1'), 'other')).toEqual(
          E.right({ model: spec, imageToken: 4, conversation: 'vicuna-v1' }),
        )
      }),
    ))
})
