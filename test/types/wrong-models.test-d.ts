/** Models that must be red in the editor, each with the sentence it shows; and right ones, which must not be. Checked by the compiler, run by nobody. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf } from 'vitest'
import {
  type ModelSpec,
  activationFrequency,
  at,
  clipVit,
  copyOf,
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

/** What people get wrong, and what the editor says of it. The page on the language lists these; a test compares both with what the compiler says. */
export const wrong = () => {
  // @ts-expect-error the width 100 does not divide into 3 heads
  clipVit({ image: 32, patch: 8, width: 100, layers: 3, heads: 3 })

  // @ts-expect-error a patch of 32 pixels does not fit a picture of 16
  clipVit({ image: 16, patch: 32, width: 96, layers: 3, heads: 3 })

  // @ts-expect-error a tower of 3 layers has no layer -4; from the end, -3 is its first
  clipVit({ image: 32, patch: 8, width: 96, layers: 3, heads: 3, layer: -4 })

  // @ts-expect-error the feature's layer counts from the end, -1 is the last block; 2 is not below 0
  clipVit({ image: 32, patch: 8, width: 96, layers: 3, heads: 3, layer: 2 })

  // @ts-expect-error Did you mean '"gelu-tanh"'?
  siglipVit({ image: 32, patch: 8, width: 96, layers: 3, heads: 3, activation: 'gelu_tanh' })

  // @ts-expect-error the width 128 does not divide into 5 heads
  llama({ vocab: 512, width: 128, layers: 4, heads: 5, ffn: 352 })

  // @ts-expect-error the number of heads 4 does not divide into 3 key-value heads
  llama({ vocab: 512, width: 128, layers: 4, heads: 4, kvHeads: 3, ffn: 352 })

  // @ts-expect-error rotary positions turn pairs, so a head's width is even; 33 is odd
  llama({ vocab: 512, width: 128, layers: 4, heads: 4, headDim: 33, ffn: 352 })

  // @ts-expect-error a size is a whole number, 1 or more; 0 is none
  llama({ vocab: 512, width: 128, layers: 0, heads: 4, ffn: 352 })

  // @ts-expect-error a size is a whole number, 1 or more; -352 is none
  llama({ vocab: 512, width: 128, layers: 4, heads: 4, ffn: -352 })

  // @ts-expect-error Property 'ffn' is missing
  llama({ vocab: 512, width: 128, layers: 4, heads: 4 })

  // @ts-expect-error 'vocabulary' does not exist
  llama({ vocab: 512, width: 128, layers: 4, heads: 4, ffn: 352, vocabulary: 512 })

  // @ts-expect-error a size is a whole number, 1 or more; 0 is none
  mlp({ depth: 0 })

  // @ts-expect-error the tower's 4 x 4 features cannot be joined 3 x 3
  model('m', { ...base, connector: mlp({ join: 3 }), experts: four })

  // @ts-expect-error is missing the following properties from type 'DecoderOf<number>'
  model('m', { ...base, decoder: vision, experts: four })

  // @ts-expect-error a size is a whole number, 1 or more; 0 is none
  lora({ rank: 0 })

  // @ts-expect-error a decoder's layer has no 'ffn.upp'; did you mean 'ffn.up'?
  every('ffn.upp')

  // @ts-expect-error 'decoder.4.ffn.up' is no site of a decoder of 4 layers
  model('m', { ...base, experts: experts({ at: at('decoder.4.ffn.up'), count: 1, lora: small }) })

  // @ts-expect-error 'decoder.1.ffn.upp' is no site of a decoder of 4 layers; did you mean 'ffn.up'?
  model('m', { ...base, experts: experts({ at: at('decoder.0.ffn.up', 'decoder.1.ffn.upp'), count: 1, lora: small }) })

  // @ts-expect-error 'decoder.7.attn.q' is no site of a decoder of 4 layers
  model('m', { ...base, experts: [site('decoder.7.attn.q', { experts: [expert('a', small)] })] })

  // @ts-expect-error 'layers.3.ffn.up' is no site of any decoder; a site reads like decoder.0.ffn.up
  site('layers.3.ffn.up', { experts: [expert('a', small)] })

  // @ts-expect-error 'initial' names the model's first experts, so no task is called that
  model('m', { ...base, tasks: ['initial'], experts: four })

  // @ts-expect-error there is no task to mix experts for yet; give the gate to the policy that will grow them
  model('m', { ...base, experts: four, routing: hierarchy({ tasks: null, experts: topK(2) }) })

  // @ts-expect-error the gate keeps the best 5 experts, but there are 4 at a site
  model('m', { ...base, tasks: ['gqa'], experts: four, routing: hierarchy({ tasks: null, experts: topK(5) }) })

  // @ts-expect-error the gate keeps the best 2 experts, but its router sees 1
  router('gqa', { sees: ['a'], gate: topK(2) })

  // @ts-expect-error a size is a whole number, 1 or more; 0 is none
  topK(0)

  // @ts-expect-error the router of 'gqa' sees 'a' twice
  router('gqa', { sees: ['a', 'b', 'a'] })

  // @ts-expect-error the router of 'gqa' sees 'initial.1', which is not at its site; did you mean 'initial.0'?
  site('decoder.3.attn.q', { experts: [expert('initial.0', small)], routers: [router('gqa', { sees: ['initial.0', 'initial.1'] })] })

  const stray = site('decoder.3.attn.q', { experts: [expert('a', small)], routers: [router('gqaa', { sees: ['a'] })] })
  // @ts-expect-error a router is of task 'gqaa', which the model does not have; did you mean 'gqa'?
  model('m', { ...base, tasks: ['gqa', 'vqav2'], experts: [stray] })

  const mini = model('mini', { ...base, tasks: ['gqa'], experts: four })
  // @ts-expect-error the model has no task 'gaq'; did you mean 'gqa'?
  view('gaq')(mini)

  // @ts-expect-error a number alone is no threshold; say atLeast(0.3) or meanMinusStd(0.5)
  activationFrequency({ above: 0.3 })

  // @ts-expect-error 'decoder.3.ffn.pu' is no site of any decoder; did you mean 'ffn.up'?
  only('decoder.3.ffn.pu')

  // @ts-expect-error '"least-activated"' is not assignable to parameter of type '"most-activated"'
  copyOf('least-activated')

  // @ts-expect-error the policy grows at 'decoder.3.ffn.down', which is no site of the model
  experiment({ model: mini, policy: expansion('p', { criterion: only('decoder.3.ffn.down') }), stream: miniCoin() })

  // @ts-expect-error Property 'policy' is missing
  experiment({ model: mini, stream: miniCoin() })

  // @ts-expect-error Type 'string' is not assignable to type 'StreamReference'
  experiment({ model: mini, policy: expansion('p', { criterion: knockOut({ above: 0.05 }) }), stream: 'minicoin' })

  // @ts-expect-error Types of property 'epochs' are incompatible
  training({ steps: 1, epochs: 1 })

  // @ts-expect-error Argument of type '{}' is not assignable to parameter of type 'TrainingOptions'
  training({})
}
