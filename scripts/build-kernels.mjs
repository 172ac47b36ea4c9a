// Compiles compiler/targets/wasm/kernels/*.c into kernels.wasm, which is committed: users need no C compiler.
// `--check` builds beside it and fails when the committed bytes differ. Needs clang and lld of version 14 for equal bytes.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../compiler/targets/wasm/', import.meta.url))
const committed = join(folder, 'kernels.wasm')
const check = process.argv.includes('--check')

const compile = [
  '--target=wasm32 -O3 -std=c11 -Wall -Wextra -Werror -Wno-unused-parameter -nostdlib -ffreestanding -fno-strict-aliasing',
  '-msimd128 -matomics -mbulk-memory -mnontrapping-fptoint -mmutable-globals -msign-ext',
  // The bits of a result are part of the contract: no contraction, no reordering. What is vectors is written as vectors.
  '-ffp-contract=off -fno-fast-math -fno-math-errno -fno-vectorize -fno-slp-vectorize -fno-unroll-loops',
  // Loop strength reduction turns constant offsets into additions that the machine then has to do.
  '-mllvm -disable-lsr',
].flatMap((line) => line.split(' '))

const link =
  '--no-entry --import-memory --shared-memory --initial-memory=131072 --max-memory=4294967296 -z,stack-size=65536 ' +
  '--export=__stack_pointer --export=__heap_base --export-table --growable-table --strip-all'

const linkFlags = link.split(' ').map((flag) => `-Wl,${flag}`)

const build = (to) => {
  const sources = readdirSync(join(folder, 'kernels'))
    .filter((name) => name.endsWith('.c'))
    .sort()
  const { status, stderr, error } = spawnSync('clang', [...compile, ...linkFlags, '-o', to, ...sources], {
    cwd: join(folder, 'kernels'),
    encoding: 'utf8',
  })
  if (error !== undefined || status !== 0) throw new Error(`clang failed: ${error?.message ?? stderr}`)
  if (stderr !== '') process.stderr.write(stderr)
  return readFileSync(to)
}

const scratch = mkdtempSync(join(tmpdir(), 'kernels-'))
try {
  const built = build(check ? join(scratch, 'kernels.wasm') : committed)
  if (check && !built.equals(readFileSync(committed))) {
    process.stderr.write('kernels.wasm is not what kernels/*.c compile to: run node scripts/build-kernels.mjs and commit it\n')
    process.exitCode = 1
  } else process.stdout.write(`kernels.wasm: ${built.length} bytes\n`)
} finally {
  rmSync(scratch, { recursive: true })
}
