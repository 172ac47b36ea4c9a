import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type WeightPlan, weightPlan } from '../../compiler/plan/weight-plan.js'
import { showWeightPlan } from '../../compiler/plan/weight-plan-text.js'
import { withoutBase } from '../../compiler/plan/without-base.js'
import { type ModelSpec, kindOf, shortHash } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { type Checkpoint, migrateCheckpoint, openCheckpoint } from '../../runtime/weights/index.js'
import { type Context, type Register, command } from '../command.js'
import { type Flags, whole } from '../flags.js'
import { type Answer, type Mistakes, good, mistake } from '../outcome.js'
import { readPatch, refused } from '../patch-file.js'
import { progress } from '../progress/index.js'
import { readSpec } from '../spec-file.js'
import { type Wanted, weightsOf } from '../version-of.js'

const readModel = async (name: string): Promise<E.Either<Mistakes, ModelSpec>> => {
  const spec = await readSpec(name)
  if (E.isLeft(spec)) return spec
  return spec.right.format === 'cmoe/model/1'
    ? E.right(spec.right)
    : mistake(`${name}: is of kind ${kindOf(spec.right)}; weights are those of a model`)
}

/** The files and folders that names stand for: themselves, or those of a version of a run. */
const placesOf = async (names: readonly string[], wanted: Wanted): Promise<E.Either<Mistakes, readonly string[]>> => {
  const found = await Promise.all(
    names.map(async (name) => E.map((places: readonly string[] | undefined) => places ?? [name])(await weightsOf(name, wanted))),
  )
  const wrong = found.flatMap((each) => (E.isLeft(each) ? each.left : []))
  return wrong.length > 0 ? E.left(wrong) : E.right(found.flatMap((each) => (E.isRight(each) ? each.right : [])))
}

/** Where the weights are: as told, or those of the run whose version the spec is. */
const sourcesOf = async (spec: string, { weights, plan, withoutBase: narrow }: Flags): Promise<E.Either<Mistakes, readonly string[]>> => {
  const wanted = { narrow: narrow === true, read: plan !== true }
  if (Array.isArray(weights)) return placesOf(weights, wanted)
  const own = await weightsOf(spec, wanted)
  if (E.isLeft(own)) return own
  if (own.right !== undefined) return E.right(own.right)
  return plan === true ? E.right([]) : mistake(`${spec}: is no version of a run, so its weights have to be named: --weights FILE...`)
}

const needed = ({ spec, out, plan }: Flags): Mistakes => [
  ...(spec === undefined ? ['--spec is wanted: the version that the patch is applied to, a file or RUN:TASK'] : []),
  ...(plan === true || out !== undefined ? [] : ['-o FILE is wanted, or --plan to look first']),
]

/** The plan that was asked for, without the base where that is to stay as it is. */
const narrowed = (plan: WeightPlan, { withoutBase: narrow }: Flags): E.Either<Mistakes, WeightPlan> =>
  narrow === true
    ? E.mapLeft((touched: readonly string[]) => [
        '--without-base leaves the base as it is, but the patch asks for',
        ...touched.map((each) => `  ${each}`),
      ])(withoutBase(plan))
    : E.right(plan)

const leftOutText = ({ leftOut }: Pick<Checkpoint, 'leftOut'>): string =>
  leftOut.length === 0 ? '' : `\nleave out ${plural(leftOut.length, 'tensor')} of the files that no model reads: ${leftOut.join(', ')}`

/** What is to be done to which files. */
interface Request {
  readonly plan: WeightPlan
  readonly sources: readonly string[]
  readonly flags: Flags
}

const performed = async ({ plan, sources, flags: { out = '', seed = 0, plan: only } }: Request, context: Context): Promise<Answer> => {
  const data = { kind: 'weights', seed, ...plan }
  if (only === true && sources.length === 0) return good(showWeightPlan(plan), { ...data, file: null, leftOut: [] })
  const checkpoint = await openCheckpoint(plan, sources)
  if (E.isLeft(checkpoint)) return checkpoint
  const { leftOut, close } = checkpoint.right
  try {
    const text = `${showWeightPlan(plan)}${leftOutText({ leftOut })}`
    if (only === true) return good(text, { ...data, file: null, leftOut })
    const written = await migrateCheckpoint({ plan, checkpoint: checkpoint.right, out, seed }, progress(context))
    return E.isLeft(written)
      ? written
      : good(`${text}\n\n${out}: the weights of ${shortHash(plan.to)}, seed ${seed}`, { ...data, file: out, leftOut })
  } finally {
    await close()
  }
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const migrateWeights: Register = (rack) =>
  command(
    rack,
    'migrate-weights <patch>',
    {
      summary: 'carry weights across a patch',
      description:
        'Says what a patch does to every tensor of a model (keep, rename, copy, take rows, slice, join, initialise, drop) and does it: reads safetensors files, deltas or model folders, and writes one safetensors file, whole or not at all. All shapes are checked before any tensor is read; nothing is skipped, and where a tensor does not fit everything is listed and nothing is written. With RUN:TASK as the spec, the weights are those of the run.',
      example:
        'cmoe diff before.json after.json --align -o changes.json\ncmoe migrate-weights changes.json --spec before.json --plan\ncmoe migrate-weights changes.json --spec before.json --weights before.safetensors -o after.safetensors\ncmoe invert runs/minicoin/patches/textvqa.json -o undo.json\ncmoe migrate-weights undo.json --spec runs/minicoin:textvqa -o before-textvqa.safetensors',
    },
    (flags) =>
      flags
        .option('--spec <spec>', 'the model that the patch is applied to: a file, or RUN:TASK')
        .option('--weights <files...>', 'its weights: safetensors files, model folders, RUN:TASK; by default those of the run')
        .option('-o, --out <file>', 'write the new weights to this file')
        .option('--plan', 'only say what would be done; of weights that are named, the headers are checked')
        .option('--reinitialise <pattern>', 'let tensors of these names start anew, * for anything; may be given again', several)
        .option('--without-base', 'read and write experts, routers and locators only; the base stays as it is')
        .option('--seed <n>', 'seed that new tensors are drawn under', whole(0), 0),
    async ([patchFile = ''], flags, context) => {
      const missing = needed(flags)
      if (missing.length > 0) return E.left(missing)
      const { spec: name = '', reinitialise = [] } = flags
      const [patch, spec, sources] = [await readPatch(patchFile), await readModel(name), await sourcesOf(name, flags)]
      const wrong = [patch, spec, sources].flatMap((each) => (E.isLeft(each) ? each.left : []))
      if (E.isLeft(patch) || E.isLeft(spec) || E.isLeft(sources)) return E.left(wrong)
      const plan = weightPlan(patch.right, { reinitialise })(spec.right)
      if (E.isLeft(plan)) return refused(`${patchFile} cannot be carried over from ${name}; ${plural(plan.left.length, 'problem')}:`, plan.left)
      return pipe(
        narrowed(plan.right, flags),
        E.match(
          (mistakes) => Promise.resolve<Answer>(E.left(mistakes)),
          (narrow) => performed({ plan: narrow, sources: sources.right, flags }, context),
        ),
      )
    },
  )
