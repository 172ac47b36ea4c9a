import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelSpec, VaeLocator } from '../../dsl/index.js'
import { differentiate } from '../../compiler/differentiate.js'
import { lowerConnector } from '../../compiler/lower/connector.js'
import { lowerHead, lowerLastNorm } from '../../compiler/lower/decoder.js'
import { scope } from '../../compiler/lower/scope.js'
import { lowerVision, patchCount } from '../../compiler/lower/vision.js'
import { scoreVaeProgram } from '../../compiler/phases/locate.js'
import { lowerSequences } from '../../compiler/phases/batch.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type Program, program } from '../../compiler/program.js'
import { size } from '../../compiler/shape.js'
import type { Tensors } from '../../compiler/targets/device.js'
import { layersInputs } from '../../compiler/targets/layers/inputs.js'
import { newestTask, toLayersModel, toLocatorModel } from '../../compiler/targets/layers/model.js'
import { layerWeights } from '../../compiler/targets/layers/weights.js'
import { type NdArrays, runReference, toNdArray } from '../../compiler/targets/reference.js'
import { openBackend } from '../../compiler/targets/tfjs/backends.js'
import { tfBackends } from './backends.js'
import { expectClose } from './harness.js'
import { tensor } from './tensors.js'
import { batchOf, drawnWeights, other, tiny } from './tiny.js'

/** Float32 against float64 through some forty ops in a row, each as in tfjs.ops.test.ts; a wrong term is off by a tenth and more. */
const tolerance = 1e-4

const length = 20

/** Logits of every row, in one program from the patches on: what the layers compute one module at a time. */
const logitsProgram = (model: ModelSpec, batch: number): Program =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const patches = s.input('patches', [batch * patchCount(model.vision), 3 * model.vision.patch ** 2])
    const features = lowerVision(s, model.vision, patches, batch)
    const visual = lowerConnector(s, model.connector, model.vision, features, batch)
    const tasks = model.tasks.map(({ id }) => id)
    const { hidden } = lowerSequences(s, model, { batch, length, pictures: batch }, { tasks, switches: false, visual })
    const logits = lowerHead(s, model.decoder, lowerLastNorm(s, model.decoder, hidden))
    const dy = s.input('dy', logits.shape)
    return { outputs: { logits, loss: emit('sum', [emit('mul', [logits, dy], {})], {}) } }
  })

const arrays = (tensors: Tensors): NdArrays => Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, toNdArray(x)]))

interface Setting {
  readonly model: ModelSpec
  readonly routes: readonly number[]
  readonly given: Tensors
  readonly inputs: Tensors
}

const setting = (model: ModelSpec, routes: readonly number[]): Setting => ({
  model,
  routes,
  given: drawnWeights(model),
  inputs: { ...batchOf(model, length, routes), dy: tensor([routes.length * length, model.decoder.vocab], 5) },
})

const wanted = ({ model, routes, given, inputs }: Setting, trained: ReadonlySet<string>): NdArrays => {
  const { program: written, gradients } = differentiate('loss', trained)(logitsProgram(model, routes.length))
  return runReference({ ...arrays(given), ...arrays(inputs) })({ ...written, outputs: { ...written.outputs, ...gradients } }).outputs
}

const asArray = async (x: tf.Tensor) => ({ shape: x.shape, data: Float64Array.from(await x.data()) })

/** The logits of a batch as rows. */
const predicted = async (layers: LayersModel, { model, inputs }: Setting, batchSize?: number) => {
  const feed = layersInputs(layers, model, inputs)
  const y = asTensor(layers.predict(feed, batchSize === undefined ? {} : { batchSize }))
  const rows = tf.reshape(y, [-1, model.decoder.vocab])
  const found = await asArray(rows)
  tf.dispose([...feed, y, rows])
  return found
}

const models: readonly (readonly [string, ModelSpec])[] = [
  ['a SigLIP tower, grouped heads, tied embeddings', tiny('ScienceQA', 'gqa')],
  ['a CLIP tower, a head of its own, biases', other('ScienceQA', 'gqa')],
]

describe.each(tfBackends)('tf.layers on %s', (backend) => {
  beforeAll(async () => void (await openBackend(backend)))

  describe.each(models)('%s', (_name, model) => {
    const mixed = setting(model, [1, -1, 0])

    it('predicts what the program computes, for rows of any task in one batch', async () => {
      const weights = layerWeights(mixed.given)
      const layers = toLayersModel(model, { length, weights })
      const expected = present(wanted(mixed, new Set())['logits'])
      const found = await predicted(layers, mixed)
      expect(found.shape).toEqual([3 * length, model.decoder.vocab])
      expectClose(found, expected, tolerance)
      // tfjs cuts what it is given into batches; places in the visual tokens must survive that.
      expectClose(await predicted(layers, mixed, 2), expected, tolerance)
      weights.dispose()
    })

    it.each([
      ['the newest task', newestTask(model)],
      ['every parameter', new Set([...parameters(model).values()].filter(({ owner }) => owner.kind !== 'locator').map(({ name }) => name))],
    ])('has the gradients of our differentiated program on a tfjs tape, for %s', async (_what, trained) => {
      const weights = layerWeights(mixed.given)
      const layers = toLayersModel(model, { length, weights, batch: 3, trained })
      const feed = layersInputs(layers, model, mixed.inputs)
      const expected = wanted(mixed, trained)
      const before = tf.memory().numTensors
      const dy = tensorOf(mixed.inputs['dy'])
      const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(tf.reshape(asTensor(layers.apply(feed, { training: true })), dy.shape), dy)))
      expect(Object.keys(grads)).toHaveLength(layers.trainableWeights.length)
      for (const variable of layers.trainableWeights) {
        const [gradient, reference] = [grads[variable.name], expected[variable.originalName]]
        const found = gradient === undefined ? undefined : await asArray(gradient)
        expectClose(
          found,
          reference ?? { shape: found?.shape ?? [], data: new Float64Array(found?.data.length ?? 0) },
          tolerance,
          variable.originalName,
        )
      }
      const learnt = layers.trainableWeights.map(({ originalName }) => originalName)
      expect(learnt.sort()).toEqual(
        Object.keys(expected)
          .filter((name) => trained.has(name))
          .sort(),
      )
      tf.dispose([dy, value, ...Object.values(grads)])
      expect(tf.memory().numTensors).toBe(before)
      tf.dispose(feed)
      weights.dispose()
    })
  })

  it('leaves no tensor behind', async () => {
    const bare = tf.memory().numTensors
    const small = setting(tiny('a'), [0])
    const weights = layerWeights(small.given)
    const layers = toLayersModel(small.model, { length, weights })
    await predicted(layers, small)
    const held = tf.memory().numTensors
    await predicted(layers, small)
    expect(tf.memory().numTensors).toBe(held)
    layers.dispose()
    expect(tf.memory().numTensors).toBe(held)
    weights.dispose()
    expect(tf.memory().numTensors).toBe(bare)
  })

  it('shares the weights of a model with those that grow from it, and allocates only what is new', async () => {
    const weights = layerWeights(drawnWeights(tiny('a', 'b')))
    const before = setting(tiny('a'), [0])
    const first = toLayersModel(before.model, { length, weights })
    const answer = await predicted(first, before)
    const [tensors, bytes] = [tf.memory().numTensors, tf.memory().numBytes]

    const grown = toLayersModel(tiny('a', 'b'), { length, weights })
    const added = [...newestTask(tiny('a', 'b'))].map((name) => parameters(tiny('a', 'b')).get(name)?.shape ?? [])
    expect(tf.memory().numTensors - tensors).toBe(added.length)
    expect(tf.memory().numBytes - bytes).toBe(4 * added.reduce((n, shape) => n + size(shape), 0))
    expect(grown.trainableWeights.map(({ originalName }) => originalName).sort()).toEqual([...newestTask(tiny('a', 'b'))].sort())
    // The first task sees what it saw: to the bit by itself; within rounding beside others, whose experts make its products wider.
    expect(await predicted(toLayersModel(tiny('a', 'b'), { length, weights, tasks: ['a'] }), before)).toEqual(answer)
    expect(await predicted(first, before)).toEqual(answer)
    expectClose(await predicted(grown, before), answer, tolerance)
    weights.dispose()
  })

  it('copies an expert from its parent as it is now', async () => {
    const model = tiny('a')
    const site = present(model.sites[0])
    const copied = { id: 'copy', rank: 2, alpha: 4, origin: { kind: 'copy', of: 'a.0' } as const, task: 'a', by: 'test', probe: false }
    const grown = {
      ...model,
      sites: [{ ...site, experts: [...site.experts, copied], routers: [{ ...site.routers[0], sees: ['a.0', 'copy'] }] }],
    } as ModelSpec
    const parent = `experts.${site.id}.a.0.lora_B.weight`
    const weights = layerWeights()
    toLayersModel(model, { length, weights })
    const moved = tf.fill((await weights.get(parent)).shape as number[], 0.5)
    weights.variable(parent, parameters(model), true).write(moved)
    toLayersModel(grown, { length, weights })
    expect(await weights.get(`experts.${site.id}.copy.lora_B.weight`)).toEqual(await weights.get(parent))
    moved.dispose()
    weights.dispose()
  })

  it('is saved and loaded as any tf.layers model is', async () => {
    const saved = setting(tiny('ScienceQA', 'text_vqa'), [1, 0])
    const weights = layerWeights(saved.given)
    const layers = toLayersModel(saved.model, { length, weights })
    let artifacts: tf.io.ModelArtifacts | undefined
    const keep = (given: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> => {
      artifacts = given
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })
    }
    await layers.save(tf.io.withSaveHandler(keep))
    const { modelTopology, ...rest } = present(artifacts)
    const loaded = await loadLayersModel(tf.io.fromMemory({ ...rest, modelTopology: JSON.parse(JSON.stringify(modelTopology)) }))
    expect(await predicted(loaded, saved)).toEqual(await predicted(layers, saved))
    const flags = (of: LayersModel) => of.weights.map(({ originalName, trainable }) => `${originalName} ${trainable}`).sort()
    expect(flags(loaded)).toEqual(flags(layers))
    loaded.dispose()
    weights.dispose()
  })

  it('says what it is made of', () => {
    const weights = layerWeights()
    const layers = toLayersModel(tiny('a'), { length, weights })
    const lines: string[] = []
    layers.summary(200, undefined, (line) => lines.push(String(line)))
    const text = lines.join('\n')
    for (const kind of ['PatchEmbedding', 'VisionBlock', 'VisionFeatures', 'Connector', 'TokenEmbedding', 'DecoderLayer', 'Norm', 'Head'])
      expect(text).toContain(`(cmoe>${kind})`)
    const read = [...parameters(tiny('a')).values()].filter(({ owner }) => owner.kind !== 'locator')
    expect(text).toContain(`Total params: ${read.reduce((n, { shape }) => n + size(shape), 0)}`)
    expect(text).toContain(`Trainable params: ${layers.trainableWeights.reduce((n, { shape }) => n + size(shape.map((d) => d ?? 1)), 0)}`)
    weights.dispose()
  })

  it('has text models and models of visual tokens, and no route where nothing is routed', async () => {
    const model = tiny()
    const weights = layerWeights(drawnWeights(model))
    const names = (of: LayersModel) => of.inputNames
    const text = toLayersModel(model, { length, weights, pictures: 'none' })
    expect(names(text)).toEqual(['ids', 'cos', 'sin', 'visible'])
    const visual = toLayersModel(tiny('a'), { length, weights, pictures: 'visual' })
    expect(names(visual)).toEqual(['ids', 'places', 'visual', 'cos', 'sin', 'visible', 'task'])
    weights.dispose()
  })

  it('scores features with an entry of the locator', async () => {
    const model = tiny('a')
    const weights = layerWeights(drawnWeights(model))
    const inputs = { features: tensor([4, 8], 1), noise: tensor([4, 3], 2) }
    const scores = present(
      runReference({ ...arrays(drawnWeights(model)), ...arrays(inputs) })(scoreVaeProgram(model, vaeOf(model), 'a', 4)).outputs['logLikelihood'],
    )
    const layers = toLocatorModel(model, 'a', { weights })
    const feed = layersInputs(layers, model, inputs)
    const found = asTensor(layers.predict(feed))
    expect(found.shape).toEqual([4])
    expectClose(await asArray(found), scores, tolerance)
    tf.dispose([...feed, found])
    weights.dispose()
  })
})

const asTensor = (x: unknown): tf.Tensor => {
  if (!(x instanceof tf.Tensor)) expect.fail('one tensor')
  return x
}

const present = <A>(x: A | undefined): A => x ?? expect.fail('something is missing')

const vaeOf = ({ locator }: ModelSpec): VaeLocator => (locator?.kind === 'vae' ? locator : expect.fail('no VAE'))

const tensorOf = (x: Tensors[string] | undefined): tf.Tensor => tf.tensor(x?.data ?? [], [...(x?.shape ?? [0])])
