export { mlp } from './connector.js'
export { type DecoderOf, llama } from './decoder.js'
export { experiment, folder, miniCoin, oneEpoch, training } from './experiment.js'
export { type Every, type At, type Experts, type ExpertOf, type Where, at, every, expert, experts, lora } from './experts.js'
export { type TopKOf, dense, topK } from './gates.js'
export { gaussian, vae } from './locators.js'
export { type ModelOf, model } from './model.js'
export {
  type Only,
  type PolicyOf,
  activationFrequency,
  atLeast,
  copyOf,
  everywhere,
  expansion,
  fixed,
  fresh,
  knockOut,
  meanMinusStd,
  nowhere,
  only,
  onePerProbe,
  probe,
} from './policy.js'
export { paper, paperLocator, recommended, recommendedLocator, rivalLocator } from './presets.js'
export { type Routing, hierarchy } from './routing.js'
export { type RouterOf, type SiteOf, router, site } from './sites.js'
export { clipVit, siglipVit } from './vision.js'
