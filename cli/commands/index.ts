import type { Register } from '../command.js'
import { ablate } from './ablate.js'
import { apply } from './apply.js'
import { backends } from './backends.js'
import { check } from './check.js'
import { data } from './data.js'
import { diff } from './diff.js'
import { explain } from './explain.js'
import { invert } from './invert.js'
import { lineage } from './lineage.js'
import { merge } from './merge.js'
import { migrate } from './migrate.js'
import { migrateWeights } from './migrate-weights.js'
import { pretrain } from './pretrain.js'
import { resume } from './resume.js'
import { run } from './run.js'
import { schema } from './schema.js'
import { show } from './show.js'
import { verify } from './verify.js'

/** Every command, in the order in which help lists them. A new one is a file and a line here. */
export const commands: readonly Register[] = [
  run,
  resume,
  ablate,
  show,
  check,
  diff,
  apply,
  invert,
  merge,
  migrateWeights,
  lineage,
  explain,
  schema,
  migrate,
  verify,
  data,
  pretrain,
  backends,
]
