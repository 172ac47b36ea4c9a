// Copies what the code reads from beside itself (kernels, weights, pictures, tables) into dist, where tsc puts only code.
// What is there with the same size and time is left alone, so a second build copies nothing.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['dsl', 'compiler', 'runtime', 'models', 'coin', 'cli']
const sources = new Set(['.ts', '.c', '.h', '.md'])

const same = (a, b) => b !== undefined && a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < 1000

let [copied, bytes] = [0, 0]
for (const folder of folders) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || sources.has(extname(entry.name))) continue
    const from = join(entry.parentPath ?? entry.path, entry.name)
    const to = join(root, 'dist', from.slice(root.length))
    const found = statSync(from)
    if (same(found, statSync(to, { throwIfNoEntry: false }))) continue
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(from, to)
    utimesSync(to, found.atime, found.mtime)
    copied++
    bytes += found.size
  }
}
// npm makes the command executable where it installs it; in a checkout `npx cmoe` needs it as well.
chmodSync(join(root, 'dist/cli/main.js'), 0o755)
process.stdout.write(`copied ${copied} assets, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`)
