import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the compiler says of one line. */
export interface Said {
  readonly line: number
  readonly message: string
}

/** What a compilation found, and what it took: counts, which are the same on every machine. */
export interface Compiled {
  readonly said: readonly Said[]
  readonly instantiations: number
}

const isLine = /^source\.ts\((\d+),\d+\): error TS\d+: (.*)$/u

const read = (output: string): Compiled => {
  const said: Said[] = []
  for (const line of output.split('\n')) {
    const [, at, message = ''] = isLine.exec(line) ?? []
    const last = said.at(-1)
    if (at !== undefined) said.push({ line: Number(at), message })
    else if (line.startsWith(' ') && last !== undefined && !/^ *\d/u.test(line))
      said.splice(-1, 1, { ...last, message: `${last.message} ${line.trim()}` })
  }
  return { said, instantiations: Number(/^Instantiations: +(\d+)/mu.exec(output)?.[1] ?? Number.NaN) }
}

/** Compiles a source (on one thread: so that counts are the same each time) that imports from '../../dsl/index.js' as an editor does, with the project's settings. */
export const compiled = (source: string): Compiled => {
  const folder = mkdtempSync(join(root, 'test', '.editor-'))
  try {
    writeFileSync(join(folder, 'source.ts'), source)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', include: ['source.ts'], compilerOptions: { noUnusedLocals: false } }),
    )
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = spawnSync(
      process.execPath,
      [tsc, '-p', 'tsconfig.json', '--noEmit', '--pretty', 'false', '--extendedDiagnostics', '--singleThreaded'],
      { cwd: folder, encoding: 'utf8' },
    )
    return read(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
