import type { ModelSpec } from '../../dsl/index.js'
import { lowerConnector } from '../lower/connector.js'
import { scope } from '../lower/scope.js'
import { lowerVision, patchCount, patchSize } from '../lower/vision.js'
import { parameters } from '../plan/parameters.js'
import { type Program, program } from '../program.js'

/** Visual tokens of a batch of pictures: input `patches` [pictures * P, 3 * patch²], output `visual` [pictures * tokens, decoder width]. Frozen while tasks are learnt, so computed once. */
export const featuresProgram = (model: ModelSpec, pictures: number): Program =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const patches = s.input('patches', [pictures * patchCount(model.vision), patchSize(model.vision)])
    const features = lowerVision(s, model.vision, patches, pictures)
    return { outputs: { visual: lowerConnector(s, model.connector, model.vision, features, pictures) } }
  })
