import * as E from 'fp-ts/lib/Either.js'
import { plural } from '../../dsl/wording.js'
import { writeAtomically } from '../../models/formats/atomic.js'
import { showFileError } from '../../models/formats/files.js'
import { lineagePage } from '../../runtime/lineage/page.js'
import { type RunHistory, readHistories } from '../../runtime/lineage/read.js'
import { type LineageView, lineageView } from '../../runtime/lineage/view.js'
import { type Register, command } from '../command.js'
import { lineageText } from '../lineage-text.js'
import { type Answer, failed, good, mistake } from '../outcome.js'

/** What is not as it was written, by the run that it is in. */
const wrong = (histories: readonly RunHistory[]) =>
  histories.flatMap(({ run, findings }) => findings.map(({ code, file, message }) => ({ run, code, file, message })))

const dataOf = ({ runs, versions }: LineageView, findings: ReturnType<typeof wrong>) => ({ runs, versions, findings })

const answer = (view: LineageView, text: string, findings: ReturnType<typeof wrong>, more: object = {}): Answer => {
  const data = { ...dataOf(view, findings), ...more }
  if (findings.length === 0) return good(text, data)
  return failed([text, '', ...findings.map(({ run, file, message }) => `${run}/${file}: ${message}`)].join('\n'), data)
}

export const lineage: Register = (rack) =>
  command(
    rack,
    'lineage <run...>',
    {
      summary: 'draw how the versions of a run came from one another',
      description:
        'Draws the lineage of a run, finished or not: every version with its task, its policy, what grew, parameters, accuracy where it is known, and what it does to the tasks before it. Runs that share versions are branches of one graph. Exits 1 when a version is missing, forged or out of order.',
      example: 'cmoe lineage runs/minicoin\ncmoe lineage runs/minicoin --html lineage.html\ncmoe lineage runs/paper runs/recommended',
    },
    (flags) => flags.option('--html <file>', 'write the drawing to this page, which needs nothing but itself'),
    async (runs, { html }) => {
      const histories = await readHistories(runs)
      if (E.isLeft(histories)) return mistake(...histories.left)
      const [view, findings] = [lineageView(histories.right), wrong(histories.right)]
      if (html === undefined) return answer(view, lineageText(view), findings)
      const written = await writeAtomically()(html, [Buffer.from(lineagePage(view, histories.right))])
      return E.isLeft(written)
        ? mistake(showFileError(written.left))
        : answer(view, `${html}: ${plural(view.versions.length, 'version')}`, findings, { kind: 'written', file: html })
    },
  )
