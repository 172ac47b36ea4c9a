import * as E from 'fp-ts/lib/Either.js'
import { type Diagnostics, checkSpec, decodeSpec, printPath, showDiagnostic } from '../../dsl/index.js'
import { type Register, command, noFlags } from '../command.js'
import { type Mistakes, failed, good, mistake } from '../outcome.js'
import { elsewhere, readValue } from '../spec-file.js'
import { fileOf } from '../version-of.js'

/** All that is wrong with one file. */
interface Finding {
  readonly file: string
  readonly diagnostics: Diagnostics
}

const look = async (file: string): Promise<E.Either<Mistakes, Finding>> => {
  const meant = await fileOf(file)
  if (E.isLeft(meant)) return meant
  const value = await readValue(meant.right.path)
  if (E.isLeft(value)) return value
  const other = elsewhere(file, value.right)
  if (other.length > 0) return E.left(other)
  const spec = decodeSpec(value.right)
  return E.right({ file, diagnostics: E.isLeft(spec) ? spec.left : checkSpec(spec.right) })
}

/** Places as text: a machine has no use for linked lists. */
const plain = ({ file, diagnostics }: Finding) => ({
  file,
  diagnostics: diagnostics.map((each) => ({ ...each, path: each.path === undefined ? '' : printPath(each.path) })),
})

const told = ({ file, diagnostics }: Finding): string =>
  diagnostics.length === 0
    ? `${file}: good`
    : diagnostics.map((each) => `${file}: ${each.severity === 'warning' ? 'warning: ' : ''}${showDiagnostic(each)}`).join('\n')

export const check: Register = (rack) =>
  command(
    rack,
    'check <spec...>',
    {
      summary: 'say all that is wrong with a spec',
      description:
        'Checks specs of any kind (JSON, or a TypeScript or JavaScript module that exports one) and says all that is wrong with them at once. Exits 1 when there is an error.',
      example: 'cmoe check experiment.json',
    },
    noFlags,
    async (files) => {
      const looked: E.Either<Mistakes, Finding>[] = []
      for (const file of files) looked.push(await look(file))
      const unread = looked.flatMap((each) => (E.isLeft(each) ? each.left : []))
      if (unread.length > 0) return mistake(...unread)
      const findings = looked.flatMap((each) => (E.isRight(each) ? [each.right] : []))
      const text = findings.map(told).join('\n')
      const wrong = findings.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))
      const data = findings.map(plain)
      return wrong ? failed(text, data) : good(text, data)
    },
  )
