import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { costOf } from '../../compiler/cost.js'
import {
  type ExperimentSpec,
  type ModelSpec,
  type Patch,
  type PolicySpec,
  type Spec,
  check,
  criterionText,
  hash,
  kindOf,
  print,
  showDiagnostic,
  showPatch,
  shortHash,
} from '../../dsl/index.js'
import { showFileError } from '../../models/formats/files.js'
import { readJson } from '../../models/formats/json-file.js'
import { Metrics } from '../../runtime/metrics.js'
import { type Register, command } from '../command.js'
import { costText } from '../cost-text.js'
import { whole } from '../flags.js'
import { isFolder } from '../folders.js'
import { readGrowth } from '../growth-text.js'
import { type Answer, good, mistake, anyOf } from '../outcome.js'
import { savedPatch } from '../patch-file.js'
import { readSpec } from '../spec-file.js'
import { studyText } from '../study-text.js'
import { summary } from '../summary.js'

const policyText = ({ name, criterion, probe, expert, init }: PolicySpec): string =>
  [
    `policy ${name}: grows ${criterionText(criterion)}`,
    `  probes: ${probe.experts} a site of rank ${probe.rank}, ${probe.steps} steps on ${100 * probe.share}% of the data, ${100 * probe.holdOut}% of that held out`,
    `  experts: rank ${expert.rank}, alpha ${expert.alpha}, ${init.kind === 'fresh' ? 'fresh' : `copies of the ${init.of}`}`,
  ].join('\n')

const streamText = ({ stream }: ExperimentSpec): string =>
  stream.kind === 'folder'
    ? stream.path
    : `MiniCoIN, ${stream.train} training and ${stream.test} test samples a task, ${stream.wording} wording, seed ${stream.seed}`

/** A spec for people. */
const specText = (spec: Spec): string => {
  switch (spec.format) {
    case 'cmoe/model/1':
      return print(spec)
    case 'cmoe/policy/1':
      return policyText(spec)
    case 'cmoe/experiment/1':
      return `experiment ${spec.name}, seed ${spec.seed}\n  stream: ${streamText(spec)}\n\n${print(spec.model)}\n\n${policyText(spec.policy)}`
    case 'cmoe/study/1':
      return studyText(spec)
    case 'cmoe/evidence/1':
    case 'cmoe/plan/1':
    case 'cmoe/training/1':
      return JSON.stringify(spec, null, 2)
  }
}

const patchText = (patch: Patch): string => `patch from ${shortHash(patch.from)} to ${shortHash(patch.to)}\n\n${showPatch(patch)}`

/** The model that a spec speaks of. */
const modelIn = (spec: Spec): ModelSpec | undefined =>
  spec.format === 'cmoe/model/1' ? spec : spec.format === 'cmoe/experiment/1' ? spec.model : undefined

const showCost = (name: string, spec: Spec, text: number): Answer => {
  const model = modelIn(spec)
  if (model === undefined) return mistake(`${name}: is ${anyOf(kindOf(spec))}; models and experiments have a cost`)
  const wrong = check(model).filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) return mistake(...wrong.map((each) => `${name}: ${showDiagnostic(each)}`))
  const cost = costOf(model, text)
  return good(`${model.name}  ${shortHash(hash(model))}\n\n${costText(cost)}`, { kind: 'cost', model: hash(model), ...cost })
}

const showRun = async (dir: string): Promise<Answer> => {
  if (!existsSync(join(dir, 'experiment.json'))) return mistake(`${dir}: is no run; a run holds an experiment.json`)
  const file = join(dir, 'metrics.json')
  if (!existsSync(file)) return good(`${dir}: not finished; go on with cmoe resume ${dir}`, { run: dir, finished: false, metrics: null })
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const metrics = Metrics.decode(json.right)
  if (E.isLeft(metrics)) return mistake(`${file}: are no metrics; cmoe verify ${dir} says what else is wrong`)
  const growth = await readGrowth(dir, metrics.right)
  return E.isLeft(growth)
    ? growth
    : good(summary(metrics.right, growth.right), { run: dir, finished: true, metrics: metrics.right, plans: growth.right?.plans ?? [] })
}

export const show: Register = (rack) =>
  command(
    rack,
    'show <spec-or-run>',
    {
      summary: 'show a spec or a patch, or the figures of a run',
      description:
        'Shows a spec of any kind or a saved patch as text, or the figures of a run. RUN:TASK is the version of the model after that task, RUN:base the one before any. With --cost: parameters, memory and operations of a model, part by part and task by task, known from the spec alone.',
      example: 'cmoe show runs/minicoin\ncmoe show runs/minicoin:gqa\ncmoe show --cost runs/minicoin:gqa\ncmoe show runs/minicoin/patches/gqa.json',
    },
    (flags) =>
      flags
        .option('--cost', 'what the model costs, before anything is built')
        .option('--text <n>', 'tokens of text beside the picture of the prompt that --cost reckons with', whole(1), 64),
    async ([name = ''], { cost, text = 64 }) => {
      if (isFolder(name))
        return cost === true ? mistake(`${name}: is a run; --cost looks at one version of its model, e.g. ${name}:base`) : showRun(name)
      const patch = await savedPatch(name)
      if (E.isLeft(patch)) return patch
      if (patch.right !== undefined)
        return cost === true ? mistake(`${name}: is a patch; models and experiments have a cost`) : good(patchText(patch.right), patch.right)
      const spec = await readSpec(name)
      if (E.isLeft(spec)) return spec
      return cost === true ? showCost(name, spec.right, text) : good(specText(spec.right), spec.right)
    },
  )
