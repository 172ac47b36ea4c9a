import { join } from 'node:path'
import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type Expansion, type StudySpec, expand, kindOf, showDiagnostic } from '../../dsl/index.js'
import { showFileError } from '../../models/formats/files.js'
import { briefly, comparisonRows } from '../../runtime/study/table.js'
import { type Register, command } from '../command.js'
import { whereFlags, wholes } from '../flags.js'
import { isTaken } from '../folders.js'
import { type Answer, type Mistakes, failed, good, mistake } from '../outcome.js'
import { progress } from '../progress/index.js'
import { readSpec } from '../spec-file.js'
import { studyCost } from '../study-cost.js'
import { expansionText, told } from '../study-text.js'
import { table } from '../table.js'
import { writeStudy } from '../write-study.js'
import { interruptible } from './run.js'

const wanted = async (file: string | undefined): Promise<E.Either<Mistakes, StudySpec>> => {
  if (file === undefined) {
    const { paperStudy } = await import('../../models/index.js')
    return E.right(paperStudy)
  }
  const spec = await readSpec(file)
  if (E.isLeft(spec)) return spec
  return spec.right.format === 'cmoe/study/1' ? E.right(spec.right) : mistake(`${file}: is of kind ${kindOf(spec.right)}; cmoe ablate wants a study`)
}

const listed = (expansion: Expansion): Answer =>
  good(expansionText(expansion), { kind: 'variants', variants: told(expansion), leftOut: expansion.leftOut })

const written = async (expansion: Expansion, dir: string): Promise<Answer> => {
  if (isTaken(dir)) return mistake(`${dir}: is not empty; name a new folder`)
  const files = await writeStudy(expansion, dir)
  return E.isLeft(files)
    ? mistake(showFileError(files.left))
    : good(`${dir}: ${files.right.length} experiments; run one with cmoe run ${join(dir, files.right[0] ?? '')}`, {
        kind: 'written',
        dir,
        files: files.right,
      })
}

export const ablate: Register = (rack) =>
  command(
    rack,
    'ablate [study]',
    {
      summary: 'run the variants of a study one after another, and compare them',
      description:
        "Spells out a study and runs its base and every variant, for every seed, one after another; killed at any moment, the same command goes on. It ends in a comparison: mean, spread, and paired differences to the base. With --list it shows the variants and what they cost, with --write it writes their experiments; neither runs anything. Without a study it takes the paper's own choices on the mini model.",
      example: 'cmoe ablate --list\ncmoe ablate study.ts --write variants\ncmoe ablate study.ts --out runs/study --seeds 0,1,2',
    },
    (flags) =>
      whereFlags(
        flags
          .addOption(new Option('--list', 'show every variant with its patch, its cost and its hash').conflicts('write'))
          .option('--write <dir>', 'write the experiment of every variant into this new folder')
          .option('--out <dir>', 'the folder of the runs and the comparison; by default runs/NAME')
          .option('--seeds <numbers>', 'seeds to run, with commas between them', wholes, [0]),
      ),
    async ([file], { list, write, out, seeds = [0], backend, threads }, context) => {
      const study = await wanted(file)
      if (E.isLeft(study)) return study
      const expanded = expand(studyCost)(study.right)
      if (E.isLeft(expanded)) {
        const lines = expanded.left.map(showDiagnostic)
        return failed(lines.join('\n'), { kind: 'mistakes', mistakes: lines })
      }
      const expansion = expanded.right
      if (list === true) return listed(expansion)
      if (write !== undefined) return written(expansion, write)
      const dir = out ?? join('runs', study.right.name)
      const { runStudy } = await rack.runtime()
      const compared = await interruptible(context, 'the same command', () =>
        runStudy({ study: study.right, expansion, seeds, dir, backend, threads }, progress(context)),
      )
      return E.isLeft(compared)
        ? compared
        : good(
            `\n${table(comparisonRows(compared.right, briefly))}\n\nEverything is in ${dir}; the table with all figures is ${join(dir, 'comparison.md')}.`,
            {
              kind: 'result',
              dir,
              comparison: compared.right,
            },
          )
    },
  )
