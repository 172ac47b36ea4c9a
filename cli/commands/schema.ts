import { basename } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type SpecKind, kinds } from '../../dsl/kinds.js'
import { schemaOf } from '../../dsl/schema-of.js'
import { showFileError } from '../../models/formats/files.js'
import { writeJson } from '../../models/formats/json-file.js'
import { type Register, command } from '../command.js'
import { type Answer, good, mistake } from '../outcome.js'
import { table } from '../table.js'

/** What a spec of each kind says. */
const about: { readonly [K in SpecKind]: string } = {
  model: 'the whole structure of one version of a model',
  policy: 'when, where, how much and from what a model grows',
  evidence: 'what was measured on the probes of a task',
  plan: 'what a policy decided on some evidence',
  training: 'how the experts and routers of a task are trained',
  experiment: 'a model, a policy, a stream of tasks, and how to train',
  study: 'an experiment, and how its variants are made of it',
}

const listed = (): Answer =>
  good(table(kinds.map((kind) => [kind, about[kind]])), { kind: 'kinds', kinds: kinds.map((name) => ({ name, about: about[name] })) })

const written = async (schema: unknown, out: string): Promise<Answer> => {
  const saved = await writeJson()(out, schema)
  return E.isLeft(saved)
    ? mistake(showFileError(saved.left))
    : good(`${out}: written; a spec beside it that begins with "$schema": "./${basename(out)}" is checked as you type`, {
        kind: 'written',
        file: out,
      })
}

export const schema: Register = (rack) =>
  command(
    rack,
    'schema [kind]',
    {
      summary: 'the JSON Schema of a kind of spec, for editors',
      description:
        'Prints the JSON Schema (draft 2020-12) of a kind of spec. An editor that is pointed to it completes keys and marks what is wrong, with the verdicts of cmoe: write "$schema": "./model.schema.json" at the top of a spec.',
      example: 'cmoe schema model --out model.schema.json\ncmoe schema --list',
    },
    (flags) => flags.option('--list', 'list the kinds of spec').option('-o, --out <file>', 'write it to this file'),
    async ([wanted], { list, out }) => {
      if (list === true) return listed()
      const kind = kinds.find((each) => each === wanted)
      if (kind === undefined)
        return mistake(`${wanted === undefined ? 'name a kind of spec' : `there is no kind '${wanted}'`}; there are ${kinds.join(', ')}`)
      return out === undefined ? good(JSON.stringify(schemaOf(kind), null, 2), schemaOf(kind)) : written(schemaOf(kind), out)
    },
  )
