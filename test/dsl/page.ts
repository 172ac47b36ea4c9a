import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { vi } from 'vitest'
import { cmoe } from '../cli/harness.js'

export const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'cmoe-page-'))

/** An example that names its file is a module; the others are fragments. */
const nameOf = (body: string): string | undefined => /^\/\/ (\S+\.ts)\n/u.exec(body)?.[1]

const installed = (body: string): string =>
  body
    .replaceAll(/'cmoe\/(dsl|compiler)'/gu, (_, name: string) => `'${root(`${name}/index.ts`)}'`)
    .replaceAll(/'(fp-ts\/[^']+)'/gu, (_, name: string) => `'${fileURLToPath(import.meta.resolve(name))}'`)

/** What is printed while something runs. */
const printing = async (work: () => Promise<unknown>): Promise<string> => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(`${line}\n`))
  try {
    await work()
    return lines.join('')
  } finally {
    log.mockRestore()
  }
}

/** What each module printed, those before it included. */
const before = new Map<string, string>()

/** What an example prints itself: what it imports prints first. */
const printed = async (name: string, body: string): Promise<string> => {
  const all = await printing(() => tsImport(pathToFileURL(join(folder, name)).href, import.meta.url))
  before.set(name, all)
  const imported = [...body.matchAll(/from '\.\/(\S+)\.js'/gu)].map(([, stem]) => before.get(`${stem}.ts`) ?? '').join('')
  return all.startsWith(imported) ? all.slice(imported.length) : all
}

/** `$ cmoe check wrong.ts`, and under it what that says. Files are those of the page. */
const answered = async (body: string): Promise<string> => {
  const [first = ''] = body.split('\n')
  const args = first.replace('$ cmoe ', '').split(' ')
  const said: string[] = []
  await printing(async () => {
    const { out, err } = await cmoe(args.map((arg) => (/\.(?:ts|json)$/u.test(arg) ? join(folder, arg) : arg)))
    said.push(out, err)
  })
  return `${first}\n${said.join('')}`.replaceAll(`${folder}/`, '')
}

/** The page as it should be: its examples run in order, each with what it prints under it. */
export const rewritten = async (page: string): Promise<string> => {
  let last = ''
  const parts = page.split(/(^```\w*\n[\s\S]*?^```$)/mu)
  const kept: string[] = []
  for (const part of parts) {
    const [, language = '', body = ''] = /^```(\w*)\n([\s\S]*)```$/u.exec(part) ?? []
    const name = language === 'ts' ? nameOf(body) : undefined
    if (name !== undefined) {
      writeFileSync(join(folder, name), installed(body))
      last = await printed(name, body)
    }
    if (language === 'text') kept.push(`\`\`\`text\n${last}\`\`\``)
    else if (language === 'console') kept.push(`\`\`\`console\n${await answered(body)}\`\`\``)
    else kept.push(part)
  }
  return kept.join('')
}
