import type { Diagnostics } from '../diagnostics.js'
import type { ModelSpec } from '../spec/index.js'
import { architectureRules } from './architecture.js'
import { expertRules } from './experts.js'
import { routerRules } from './routers.js'
import type { Rule } from './rule.js'
import { siteRules } from './sites.js'
import { taskRules } from './tasks.js'
import { idsAreUnique } from './unique.js'

const rules: readonly Rule[] = [
  (model) => idsAreUnique('model', model),
  ...architectureRules,
  ...taskRules,
  ...siteRules,
  ...expertRules,
  ...routerRules,
]

/** Everything that is wrong with a model, as far as its text can tell. */
export const check = (model: ModelSpec): Diagnostics => rules.flatMap((rule) => rule(model))
