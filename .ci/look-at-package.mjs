// Packs the package, unpacks it beside the dependencies of this checkout, and uses it as somebody does who installed it: the command, and every entry of `exports`
// from TypeScript. usage: node .ci/look-at-package.mjs FOLDER
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(process.argv[2] ?? '.', 'package')
const modules = join(folder, 'node_modules')

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const run = (command, args, cwd) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) fail(`${command} ${args.join(' ')} exits ${status ?? error?.message}\n${stdout}${stderr}`)
  return stdout
}

mkdirSync(join(modules, 'cmoe'), { recursive: true })
const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root))
run('tar', ['xzf', join(folder, packed.filename), '--strip-components=1', '-C', join(modules, 'cmoe')], folder)

// Every file once, nothing but what is used, and nothing of what must go with it left out.
const paths = packed.files.map(({ path }) => path)
const large = packed.files.filter(({ size }) => size > 100_000).map(({ path }) => path.split('/').at(-1))
if (new Set(large).size < large.length) fail(`there are large files twice: ${large.sort().join(', ')}`)
for (const name of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md']) if (!paths.includes(name)) fail(`${name} is not in the package`)
const stray = paths.filter((path) => !/^(dist\/(dsl|compiler|runtime|models|coin|cli)|docs)\/|^[^/]+$/.test(path))
if (stray.length > 0) fail(`these have no place in the package: ${stray.join(', ')}`)

// What the package asks for, from here; that it asks for enough is what nothing else being there shows.
const { dependencies, exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
for (const name of Object.keys(dependencies)) {
  const to = join(modules, name)
  mkdirSync(join(to, '..'), { recursive: true })
  if (!existsSync(to)) symlinkSync(join(root, 'node_modules', name), to)
}

const names = Object.keys(entries).map((entry) => entry.slice(2))
const [example] = /(?<=```ts\n).*?(?=```)/s.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
writeFileSync(join(folder, 'first.ts'), example)
writeFileSync(
  join(folder, 'all.ts'),
  `${names.map((name) => `import * as ${name} from 'cmoe/${name}'`).join('\n')}
import first from './first.js'
const spec: dsl.ExperimentSpec = first
const empty = Object.entries({ ${names.join(', ')} }).filter(([, module]) => Object.keys(module).length === 0)
if (empty.length > 0 || dsl.hash(spec).length !== 64) throw new Error(\`nothing comes from \${empty.map(([name]) => name).join(', ')}\`)
`,
)
const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, skipLibCheck: true, types: [] }
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], folder)
run('node', ['--import', 'tsx', 'all.ts'], folder)
const command = join(modules, 'cmoe/dist/cli/main.js')
if (!run('node', [command, 'check', 'first.ts'], folder).includes('good')) fail('the example of the README is no good')
run('node', [command, 'backends'], folder)
run('node', [command, 'data', 'mini', '--out', 'stream', '--train', '2', '--held-out', '1', '--test', '1'], folder)
if (!readdirSync(join(folder, 'stream')).includes('stream.json')) fail('no stream was written')
process.stdout.write(`${paths.length} files, ${(packed.size / 1e6).toFixed(1)} MB packed\n`)
