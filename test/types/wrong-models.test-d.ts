/** Models that must be red in the editor, each with the sentence it shows; and right ones, which must not be. Checked by the compiler, run by nobody. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf } from 'vitest'
import {
  type ModelSpec,
  activationFrequency,
  at,
  clipVit,
  decodeModel,
  every,
  expansion,
  experiment,
  expert,
  experts,
  gaussian,
  hierarchy,
  knockOut,
  llama,
  lora,
  miniCoin,
  mlp,
  model,
  only,
  router,
  siglipVit,
  site,
  topK,
  training,
  vae,
  view,
} from '../../dsl/index.js'

const vision = clipVit({ image: 32, patch: 8, width: 96, layers: 3, heads: 3 })
const connector = mlp({ depth: 2, activation: 'gelu' })
const decoder = llama({ vocab: 512, width: 128, layers: 4, heads: 4, kvHeads: 2, ffn: 352 })
const small = lora({ rank: 8, alpha: 16 })
const four = experts({ at: every('ffn.up'), count: 4, lora: small })
const nobody = hierarchy({ tasks: null })
const base = { vision, connector, decoder, routing: nobody }

export const right = () => {
  const mini = model('mini', { ...base, experts: four, routing: hierarchy({ tasks: vae({ hidden: 32, latent: 8 }) }) })
  expectTypeOf<(typeof mini)['sites'][number]['id']>().toEqualTypeOf<
    'decoder.0.ffn.up' | 'decoder.1.ffn.up' | 'decoder.2.ffn.up' | 'decoder.3.ffn.up'
  >()
  const taught = model('taught', { ...base, tasks: ['gqa'], experts: four, routing: hierarchy({ tasks: gaussian(), experts: topK(4) }) })
  const hands = site('decoder.3.attn.q', {
    experts: [expert('a', small), expert('b', small)],
    routers: [router('gqa', { sees: ['a'], gate: topK(1) }), router('vqa', { sees: ['a', 'b'], gate: topK(2) })],
  })
  const byHand = model('by-hand', { ...base, tasks: ['gqa', 'vqa'], experts: [hands] })
  expectTypeOf<(typeof byHand)['sites'][number]['id']>().toEqualTypeOf<'decoder.3.attn.q'>()
  const wide: number = Number('4')
  llama({ vocab: 512, width: wide, layers: wide, heads: wide, kvHeads: wide, ffn: 352 })
  llama({ vocab: 512, width: 100, layers: 1, heads: 3, headDim: 32, ffn: 352 })
  siglipVit({ image: 384, patch: 14, width: 1152, layers: 27, heads: 16, ffn: 4304 })
  const loaded = (spec: ModelSpec) =>
    experiment({ model: spec, policy: expansion('named', { criterion: only('decoder.31.ffn.up') }), stream: miniCoin() })
  const seen = pipe(decodeModel(null), E.flatMap(view('gqa')))
  return [
    view('gqa')(taught),
    experiment({ model: mini, policy: expansion('named', { criterion: only('decoder.3.ffn.up') }), stream: miniCoin() }),
    experiment({
      model: mini,
      policy: expansion('measured', { criterion: knockOut({ above: 0.05 }) }),
      stream: miniCoin(),
      train: training({ steps: 240 }),
    }),
    loaded,
    seen,
  ]
}

export const wrong = () => {
  // @ts-expect-error the width 100 does not divide into 3 heads
  clipVit({ image: 32, patch: 8, width: 100, layers: 3, heads: 3 })

  // @ts-expect-error the width 1152 does not divide into 10 heads
  siglipVit({ image: 384, patch: 14, width: 1152, layers: 27, heads: 10 })

  // @ts-expect-error the width 128 does not divide into 5 heads
  llama({ vocab: 512, width: 128, layers: 4, heads: 5, ffn: 352 })

  // @ts-expect-error the number of heads 4 does not divide into 3 key-value heads
  llama({ vocab: 512, width: 128, layers: 4, heads: 4, kvHeads: 3, ffn: 352 })

  // @ts-expect-error 'ffn.upp' is not one of "attn.k" | "attn.o" | "attn.q" | "attn.v" | "ffn.down" | "ffn.gate" | "ffn.up"
  every('ffn.upp')

  // @ts-expect-error 'decoder.4.ffn.up' is no site of a decoder of 4 layers
  model('m', { ...base, experts: experts({ at: at('decoder.4.ffn.up'), count: 1, lora: small }) })

  // @ts-expect-error 'decoder.1.ffn.upp' is no site of a decoder of 4 layers
  model('m', { ...base, experts: experts({ at: at('decoder.0.ffn.up', 'decoder.1.ffn.upp'), count: 1, lora: small }) })

  // @ts-expect-error 'decoder.7.attn.q' is no site of a decoder of 4 layers
  model('m', { ...base, experts: [site('decoder.7.attn.q', { experts: [expert('a', small)] })] })

  // @ts-expect-error there is no task to mix experts for yet; give the gate to the policy that will grow them
  model('m', { ...base, experts: four, routing: hierarchy({ tasks: null, experts: topK(2) }) })

  // @ts-expect-error the gate keeps the best 5 experts, but there are 4 at a site
  model('m', { ...base, tasks: ['gqa'], experts: four, routing: hierarchy({ tasks: null, experts: topK(5) }) })

  // @ts-expect-error the gate keeps the best 2 experts, but its router sees 1
  router('gqa', { sees: ['a'], gate: topK(2) })

  // @ts-expect-error the router of 'gqa' sees 'b', which is not at its site
  site('decoder.3.attn.q', { experts: [expert('a', small)], routers: [router('gqa', { sees: ['a', 'b'] })] })

  const stray = site('decoder.3.attn.q', { experts: [expert('a', small)], routers: [router('gqaa', { sees: ['a'] })] })
  // @ts-expect-error a router is of task 'gqaa', which the model does not have
  model('m', { ...base, tasks: ['gqa'], experts: [stray] })

  const mini = model('mini', { ...base, experts: four })
  // @ts-expect-error the policy grows at 'decoder.3.ffn.down', which is no site of the model
  experiment({ model: mini, policy: expansion('p', { criterion: only('decoder.3.ffn.down') }), stream: miniCoin() })

  // @ts-expect-error the model has no task 'gqa'
  view('gqa')(mini)

  // @ts-expect-error steps or epochs, not both
  training({ steps: 1, epochs: 1 })

  // @ts-expect-error steps or epochs, one of them
  training({})

  // @ts-expect-error a number is no threshold
  activationFrequency({ above: 0.3 })

  // @ts-expect-error 'decoder.3.ffn.upp' is no site of any decoder
  only('decoder.3.ffn.upp')
}
