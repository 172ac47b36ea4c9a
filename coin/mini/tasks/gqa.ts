import { neighbourName, whichSide, yesNoRelation } from './relate.js'
import type { MiniTask } from './task.js'

const claim = {
  shared: (a: string, relation: string, b: string) => `Is the ${a} ${relation} the ${b}?`,
  plain: (a: string, relation: string, b: string) => `Verify: ${a} ${relation} the ${b}.`,
}

/** Spatial relations between the things of a scene. */
export const gqa: MiniTask = {
  id: 'gqa',
  plainEnding: 'Say how the things stand to each other.',
  types: [
    [50, neighbourName],
    [30, whichSide],
    [20, yesNoRelation(claim)],
  ],
}
