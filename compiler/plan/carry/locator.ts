import { names } from '../names.js'
import { type Carry, begun, continued } from './carry.js'

/** A task's entry goes on with the task. Where the locator became another kind, what it measured means something else, and it starts anew. */
export const carryLocator: Carry<'locator'> = (carrying, parameter) => {
  const { before, after, pastOf } = carrying
  const { task } = parameter.owner
  const past = pastOf(['tasks', task])
  const [, old = ''] = past.kind === 'same' ? past.at : []
  if (past.kind !== 'same' || before.locator?.kind !== after.locator?.kind) return begun(carrying, parameter)
  return continued(carrying, parameter, names.locator(old, parameter.name.slice(names.locator(task, '').length)))
}
