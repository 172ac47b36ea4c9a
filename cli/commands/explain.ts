import * as E from 'fp-ts/lib/Either.js'
import {
  type Archive,
  type LineageEntry,
  archiveOfSpec,
  explain as explained,
  hash,
  kindOf,
  showDiagnostic,
  showExplanation,
} from '../../dsl/index.js'
import { readHistories } from '../../runtime/lineage/read.js'
import { type Register, command, noFlags } from '../command.js'
import { isFolder } from '../folders.js'
import { type Mistakes, good, mistake, anyOf } from '../outcome.js'
import { readSpec } from '../spec-file.js'
import { baseName, splitVersion } from '../version-of.js'

/** What is looked at: a version, and all that is known of where it came from. */
interface Looked {
  readonly archive: Archive
  readonly version: string
}

const ofRun = async (run: string, wanted: string | undefined): Promise<E.Either<Mistakes, Looked>> => {
  const histories = await readHistories([run])
  if (E.isLeft(histories)) return mistake(...histories.left)
  const [history] = histories.right
  if (history === undefined) return mistake(`${run}: is no run`)
  const { archive, tip, findings } = history
  // What was forged explains nothing.
  if (findings.length > 0) return mistake(...findings.map(({ file, message }) => `${run}/${file}: ${message}`))
  const nameOf = ({ task }: LineageEntry): string => task ?? baseName
  const version = wanted === undefined ? tip : archive.lineage.versions.find((entry) => nameOf(entry) === wanted)?.version
  return version === undefined
    ? mistake(`${run}:${wanted ?? ''}: the run has no version after '${wanted ?? ''}', only ${archive.lineage.versions.map(nameOf).join(', ')}`)
    : E.right({ archive, version })
}

const ofSpec = async (name: string): Promise<E.Either<Mistakes, Looked>> => {
  const spec = await readSpec(name)
  if (E.isLeft(spec)) return spec
  const model = spec.right.format === 'cmoe/experiment/1' ? spec.right.model : spec.right
  return model.format === 'cmoe/model/1'
    ? E.right({ archive: archiveOfSpec(model), version: hash(model) })
    : mistake(`${name}: is ${anyOf(kindOf(spec.right))}; a run, a model or an experiment can be explained`)
}

const looked = (name: string): Promise<E.Either<Mistakes, Looked>> => {
  const [run, wanted] = splitVersion(name) ?? [name, undefined]
  return isFolder(run) ? ofRun(run, wanted) : ofSpec(name)
}

export const explain: Register = (rack) =>
  command(
    rack,
    'explain <run-or-spec> <path>',
    {
      summary: 'say why a node of a model is as it is',
      description:
        'Says of what is at a path, as cmoe check prints paths, who set it (the author, a policy, a default), for which task and in which version it came, by which rule and on which evidence, what later versions did to it, and which tasks see it. Of a site it says what every task decided there, and why nothing grew. RUN:TASK looks at the version after that task. A spec alone tells what it knows itself.',
      example:
        'cmoe explain runs/minicoin sites/decoder.3.ffn.up\ncmoe explain runs/minicoin tasks/gqa\ncmoe explain runs/minicoin:gqa decoder/positions',
    },
    noFlags,
    async ([name = '', path = '']) => {
      const found = await looked(name)
      if (E.isLeft(found)) return found
      const explanation = explained(found.right.archive, found.right.version)(path)
      return E.isLeft(explanation)
        ? mistake(...explanation.left.map((each) => `${name}: ${showDiagnostic(each)}`))
        : good(showExplanation(explanation.right), explanation.right)
    },
  )
