import { every, experts, hierarchy, lora, recommendedLocator } from '../../dsl/index.js'

/** How the models of the gallery grow: beside every up-projection, from nothing, behind the locator that measures best. */
export const growing = {
  experts: experts({ at: every('ffn.up'), count: 0, lora: lora({ rank: 8, alpha: 16 }) }),
  routing: hierarchy({ tasks: recommendedLocator }),
} as const
