import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type ExperimentSpec, type PolicySpec, type Spec, criterionText, print } from '../../dsl/index.js'
import { showFileError } from '../../models/formats/files.js'
import { readJson } from '../../models/formats/json-file.js'
import { Metrics } from '../../runtime/metrics.js'
import { type Register, command, noFlags } from '../command.js'
import { isFolder } from '../folders.js'
import { type Answer, good, mistake } from '../outcome.js'
import { readSpec } from '../spec-file.js'
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
    case 'cmoe/evidence/1':
    case 'cmoe/plan/1':
    case 'cmoe/training/1':
      return JSON.stringify(spec, null, 2)
  }
}

const showRun = async (dir: string): Promise<Answer> => {
  if (!existsSync(join(dir, 'experiment.json'))) return mistake(`${dir}: is no run; a run holds an experiment.json`)
  const file = join(dir, 'metrics.json')
  if (!existsSync(file)) return good(`${dir}: not finished; go on with cmoe resume ${dir}`, { run: dir, finished: false, metrics: null })
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const metrics = Metrics.decode(json.right)
  return E.isLeft(metrics)
    ? mistake(`${file}: are no metrics; cmoe verify ${dir} says what else is wrong`)
    : good(summary(metrics.right), { run: dir, finished: true, metrics: metrics.right })
}

export const show: Register = (rack) =>
  command(
    rack,
    'show <spec-or-run>',
    {
      summary: 'show a spec, or the figures of a run',
      description:
        'Shows a spec of any kind as text, or the figures of a run. RUN:TASK is the version of the model after that task, RUN:base the one before any.',
      example: 'cmoe show runs/minicoin\ncmoe show runs/minicoin:gqa',
    },
    noFlags,
    async ([name = '']) => {
      if (isFolder(name)) return showRun(name)
      const spec = await readSpec(name)
      return E.isLeft(spec) ? spec : good(specText(spec.right), spec.right)
    },
  )
