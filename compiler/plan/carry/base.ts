import { names } from '../names.js'
import { type Carry, begun, continued, copied } from './carry.js'

/** Tensors of the base are known by their names. A head that was tied to the embedding begins as what it was: the embedding. */
export const carryBase: Carry<'base'> = (carrying, parameter) => {
  if (carrying.old.has(parameter.name)) return continued(carrying, parameter, parameter.name)
  const { head, embedding } = names.decoder
  return parameter.name === head && carrying.before.decoder.tied ? copied(carrying, parameter, embedding) : begun(carrying, parameter)
}
