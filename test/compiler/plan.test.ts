import { describe, expect, it } from 'vitest'
import { initialise } from '../../compiler/plan/initialise.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { normal, permutation, random } from '../../compiler/plan/random.js'
import { inverseFrequencies, rotaryAngles } from '../../compiler/plan/rotary.js'
import { size } from '../../compiler/shape.js'
import { excess, expectWithin, goldenJson } from './goldens.js'
import { other, tiny } from './tiny.js'

interface Golden {
  readonly random: readonly { readonly seed: number; readonly name: string; readonly words: readonly number[] }[]
  readonly llama3: {
    readonly headDim: number
    readonly theta: number
    readonly scaling: { readonly factor: number; readonly lowFrequency: number; readonly highFrequency: number; readonly original: number }
    readonly frequencies: readonly number[]
  }
}

const golden = goldenJson('plan.json') as Golden

describe('a random stream', () => {
  it('is a function of seed and name', () => {
    const draw = (seed: number, name: string) => Array.from({ length: 8 }, random(seed, name))
    expect(draw(1, 'a')).toEqual(draw(1, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'))
    // Seed and name are told apart.
    expect(draw(1, '2/a')).not.toEqual(draw(12, '/a'))
  })

  it.each(golden.random)('is xoshiro128**: $seed/$name', ({ seed, name, words }) => {
    const next = random(seed, name)
    expect(words.map(() => next() * 2 ** 32)).toEqual(words)
  })

  it('is even in [0, 1), and normal draws have mean 0 and deviation 1', () => {
    const [flat, bell] = [random(3, 'flat'), random(3, 'bell')]
    const n = 20_000
    const uniform = Array.from({ length: n }, flat)
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniform)).toBeLessThan(1)
    const normals = Array.from({ length: n }, () => normal(bell))
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
    // Five standard errors.
    expectWithin([mean(uniform)], [0.5], { absolute: 5 / Math.sqrt(12 * n) })
    expectWithin([mean(normals)], [0], { absolute: 5 / Math.sqrt(n) })
    expectWithin([mean(normals.map((x) => x * x))], [1], { absolute: 5 * Math.sqrt(2 / n) })
  })

  it('orders everything, every order equally often', () => {
    const next = random(0, 'orders')
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = [...permutation(next, 3)].join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210'])
    // 1000 each, with a deviation of 29.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect([...permutation(random(1, 'x'), 50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})

describe('the parameter table', () => {
  it('starts every tensor at its own shape, the same whatever else there is', () => {
    const [small, large] = [parameters(tiny('a')), parameters(tiny('a', 'b'))]
    for (const [name, parameter] of small) {
      expect(large.get(name)).toEqual(parameter)
      const { shape, data } = initialise(3, undefined)(parameter)
      expect([shape, data.length]).toEqual([parameter.shape, size(parameter.shape)])
      expect(initialise(3, undefined)(parameter).data).toEqual(data)
    }
  })

  it('draws every tensor from a stream of its own, another under another seed', () => {
    const up = parameters(tiny()).get('model.language_model.layers.0.mlp.up_proj.weight')
    const gate = parameters(tiny()).get('model.language_model.layers.0.mlp.gate_proj.weight')
    if (up === undefined || gate === undefined) throw new Error('the table lacks a linear')
    const drawn = [initialise(3, undefined)(up), initialise(3, undefined)(gate), initialise(4, undefined)(up)].map(({ data }) => data.join(' '))
    expect(new Set(drawn).size).toBe(3)
  })

  it('starts experts so that they add nothing, and routers so that they mix evenly', () => {
    const all = [...parameters(tiny('a')).values()]
    const kindOf = (of: (name: string) => boolean) => new Set(all.filter(({ name }) => of(name)).map(({ initial }) => initial.kind))
    expect(kindOf((name) => name.startsWith('routers.'))).toEqual(new Set(['zeros']))
    expect(kindOf((name) => name.endsWith('lora_B.weight'))).toEqual(new Set(['zeros']))
    expect(kindOf((name) => name.endsWith('lora_A.weight'))).toEqual(new Set(['uniform']))
  })

  it('has the tensors that each kind of tower, head and bias brings', () => {
    const [siglip, clip] = [[...parameters(tiny()).keys()], [...parameters(other()).keys()]]
    const only = (a: readonly string[], b: readonly string[]) => a.filter((name) => !b.includes(name)).sort()
    expect(only(siglip, clip)).toEqual([
      'model.multi_modal_projector.linear_2.bias',
      'model.multi_modal_projector.linear_2.weight',
      'model.vision_tower.vision_model.embeddings.patch_embedding.bias',
    ])
    expect(only(clip, siglip)).toEqual([
      'lm_head.weight',
      ...[0, 1].flatMap((layer) => ['k', 'q', 'v'].map((of) => `model.language_model.layers.${layer}.self_attn.${of}_proj.bias`)),
      'model.vision_tower.vision_model.embeddings.class_embedding',
      'model.vision_tower.vision_model.pre_layrnorm.bias',
      'model.vision_tower.vision_model.pre_layrnorm.weight',
    ])
  })
})

describe('rotary angles', () => {
  const plain = { headDim: 8, rope: { theta: 10_000, scaling: null } } as const

  it('turn each pair by its own frequency', () => {
    expect(excess(inverseFrequencies(plain), [1, 0.1, 0.01, 0.001], { absolute: 1e-15 })).toBeLessThanOrEqual(1)
    // Positions may come again.
    const { cos, sin } = rotaryAngles(plain, Int32Array.of(7, 0, 7))
    const turned = [7, 0.7, 0.07, 0.007]
    expectWithin(cos, [...turned.map(Math.cos), 1, 1, 1, 1, ...turned.map(Math.cos)], { absolute: 1e-7 })
    expectWithin(sin, [...turned.map(Math.sin), 0, 0, 0, 0, ...turned.map(Math.sin)], { absolute: 1e-7 })
  })

  it('are slowed as the scaling says', () => {
    const linear = { ...plain, rope: { theta: 10_000, scaling: { kind: 'linear', factor: 4 } } } as const
    expect(excess(inverseFrequencies(linear), [0.25, 0.025, 0.0025, 0.000_25], { absolute: 1e-15 })).toBeLessThanOrEqual(1)
  })

  it("keep short waves and slow long ones by Llama 3's rule", () => {
    const { headDim, theta, scaling, frequencies } = golden.llama3
    const llama3 = { headDim, rope: { theta, scaling: { kind: 'llama3' as const, ...scaling } } }
    // Some are kept, some slowed by the whole factor, some lie between.
    const slowed = inverseFrequencies({ headDim, rope: { theta, scaling: null } }).map((frequency, i) => frequency / (frequencies[i] ?? 1))
    expect(slowed.filter((by) => by < 1.001).length).toBeGreaterThan(0)
    expect(slowed.filter((by) => by > 1.001 && by < 7.999).length).toBeGreaterThan(0)
    expect(slowed.filter((by) => by > 7.999).length).toBeGreaterThan(0)
    expect(excess(inverseFrequencies(llama3), frequencies, { absolute: 0, relative: 1e-12 })).toBeLessThanOrEqual(1)
  })
})
