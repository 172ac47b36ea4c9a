import { extname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { decodeSpec, showDiagnostic } from '../../dsl/index.js'
import { isRecord } from '../../dsl/json-value.js'
import { showFileError } from '../../models/formats/files.js'
import { writeJson } from '../../models/formats/json-file.js'
import { type Register, command, noFlags } from '../command.js'
import { type Answer, good, mistake } from '../outcome.js'
import { readValue } from '../spec-file.js'

/** A spec's text as a file says it: with the note to the editor, if there was one. */
const noted = (old: unknown, spec: object): object =>
  isRecord(old) && typeof old['$schema'] === 'string' ? { $schema: old['$schema'], ...spec } : spec

const upgraded = async (file: string): Promise<Answer> => {
  if (extname(file) !== '.json') return mistake(`${file}: only JSON files are migrated; a module is source, which the editor checks`)
  const old = await readValue(file)
  if (E.isLeft(old)) return old
  const spec = decodeSpec(old.right)
  if (E.isLeft(spec)) return mistake(...spec.left.map((each) => `${file}: ${showDiagnostic(each)}`))
  const { format } = spec.right
  const upgrade = noted(old.right, spec.right)
  if (JSON.stringify(upgrade) === JSON.stringify(old.right))
    return good(`${file}: already newest, ${format}`, { kind: 'migrated', file, format, changed: false })
  const written = await writeJson()(file, upgrade)
  return E.isLeft(written) ? mistake(showFileError(written.left)) : good(`${file}: now ${format}`, { kind: 'migrated', file, format, changed: true })
}

export const migrate: Register = (rack) =>
  command(
    rack,
    'migrate <spec>',
    {
      summary: 'bring a spec file to the newest format',
      description:
        'Rewrites a JSON spec of an older format as the newest one, in place: the file holds either the old text or the whole new one, whatever happens. Every other command reads older formats as they are.',
      example: 'cmoe migrate experiment.json',
    },
    noFlags,
    ([file = '']) => upgraded(file),
  )
