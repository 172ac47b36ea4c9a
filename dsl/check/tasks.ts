import { diagnostic } from '../diagnostics.js'
import { at, pathOf } from '../path.js'
import { type Rule, unless } from './rule.js'

const path = pathOf(['tasks'])

/** Experts are named after their task, those of the start after nothing that a task may be called. */
const initialIsNoTask: Rule = ({ tasks }) =>
  tasks.flatMap(({ id }) =>
    unless(id !== 'initial', () => diagnostic('reserved-id', at(path, id), { id, because: "it names the model's first experts" })),
  )

export const taskRules: readonly Rule[] = [initialIsNoTask]
