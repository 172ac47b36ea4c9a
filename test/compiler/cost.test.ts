import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { costOf } from '../../compiler/cost.js'
import { type ModelSpec, dense, expert, lora, model, recommendedLocator, router, site } from '../../dsl/index.js'
import { gallery } from '../../models/gallery/index.js'
import { mini } from '../../models/mini.js'

/** By formula, in Python, from published configurations: make/gallery.py. */
interface Facts {
  readonly tokens: { readonly visual: number; readonly text: number }
  readonly parameters: { readonly vision: number; readonly connector: number; readonly decoder: number }
  readonly products: { readonly vision: number; readonly connector: number; readonly prompt: number; readonly token: number }
}

const facts = JSON.parse(readFileSync(new URL('../fixtures/gallery.json', import.meta.url), 'utf8')) as Readonly<Record<string, Facts>>

/** Norms, activations, masks and biases come on top of the products: under 2 % in every part of every model here. */
const expectJustAbove = (found: number, products: number): void => {
  expect(found).toBeGreaterThanOrEqual(products)
  expect(found).toBeLessThan(1.02 * products)
}

describe.each(gallery.map((spec) => [spec.name, spec] as const))('the cost of %s', (name, spec) => {
  const wanted = facts[name]
  const { tokens, parameters, picture, tasks, locating } = costOf(spec, 64)

  it('has the published parameters, part by part', () => {
    expect(tokens).toEqual(wanted?.tokens)
    expect(parameters).toEqual({ ...wanted?.parameters, experts: 0, routers: 0, locator: 0 })
  })

  it('has the operations of its products, and little more', () => {
    const products = wanted?.products ?? { vision: 0, connector: 0, prompt: 0, token: 0 }
    expectJustAbove(picture.vision, products.vision)
    expectJustAbove(picture.connector, products.connector)
    expect(tasks.map(({ task }) => task)).toEqual([null])
    expectJustAbove(tasks[0]?.prompt ?? 0, products.prompt)
    expectJustAbove(tasks[0]?.token ?? 0, products.token)
    expect(locating).toBeNull()
  })
})

describe('the cost of growth', () => {
  const { vision, decoder } = mini
  const grown: ModelSpec = model('grown', {
    vision,
    connector: mini.connector,
    decoder: { ...decoder, layers: 4 as const },
    tasks: ['a', 'b'],
    experts: [
      site('decoder.1.ffn.up', {
        experts: [expert('initial.0', lora({ rank: 8 })), expert('a.0', lora({ rank: 4 }))],
        routers: [router('a', { sees: ['initial.0', 'a.0'], gate: dense() }), router('b', { sees: ['initial.0'] })],
      }),
    ],
    routing: { tasks: recommendedLocator, experts: null },
  })
  const owned: ModelSpec = {
    ...grown,
    sites: grown.sites.map((each) => ({
      ...each,
      experts: each.experts.map((one) => (one.id === 'a.0' ? { ...one, origin: { kind: 'fresh' }, task: 'a' } : one)),
    })),
  }
  const [width, up, hidden, latent] = [128, 352, 32, 8]
  /** Encoder, mu, log variance, decoder, mean, log variance of x; then centre, spread and calibration. */
  const vae = (width + 1) * hidden + 2 * (hidden + 1) * latent + (latent + 1) * hidden + 2 * (hidden + 1) * width + 2 * width + 2
  const cost = costOf(owned, 64)

  it('counts what each task added: its experts, its routers, its entry in the locator', () => {
    expect(cost.parameters).toMatchObject({ experts: (8 + 4) * (width + up), routers: 3 * width, locator: 2 * vae })
    const base = costOf(mini, 64).tasks[0]?.added ?? 0
    expect(cost.tasks.map(({ task, added }) => [task, added])).toEqual([
      [null, base + 8 * (width + up)],
      ['a', 4 * (width + up) + 2 * width + vae],
      ['b', width + vae],
    ])
  })

  it('counts for each task the experts that its routers see, for every token', () => {
    const [base, a, b] = cost.tasks
    const products = (ranks: number, experts: number, tokens: number) => tokens * (2 * width * (ranks + experts) + 2 * ranks * up)
    const more = (task: typeof a, of: 'prompt' | 'token') => (task?.[of] ?? 0) - (base?.[of] ?? 0)
    // Beside the products: the gate, its softmax, and the sum with the frozen output, at most 1000 operations a token here.
    for (const [task, ranks, experts] of [
      [a, 12, 2],
      [b, 8, 1],
    ] as const)
      for (const [of, tokens] of [
        ['prompt', 80],
        ['token', 1],
      ] as const) {
        const beside = more(task, of) - products(ranks, experts, tokens)
        expect(beside).toBeGreaterThan(0)
        expect(beside).toBeLessThan(1000 * tokens)
      }
  })

  it('reads a prompt once more to name its task', () => {
    // The frozen model without its vocabulary product, and two small VAEs with eight draws each.
    const reading = (costOf(mini, 64).tasks[0]?.prompt ?? 0) - 2 * width * decoder.vocab
    expect(cost.locating).toBeGreaterThan(reading + 2 * 8 * 2 * (vae - 6 * width))
    expect(cost.locating).toBeLessThan(1.02 * (reading + 2 * 8 * 2 * vae))
  })
})
