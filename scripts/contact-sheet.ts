/**
 * Draws a sheet of MiniCoIN samples with their questions and answers, to be looked at.
 *
 *   npx tsx scripts/contact-sheet.ts OUT.png TASK [--split train] [--wording shared] [--count 24] [--seed 0]
 *   npx tsx scripts/contact-sheet.ts OUT.png captions:KIND
 */
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { captionKinds, captionSample } from '../coin/mini/captions/index.js'
import { readPack } from '../coin/mini/pack.js'
import { render } from '../coin/mini/scenes/render.js'
import type { Scene } from '../coin/mini/scenes/scene.js'
import { splits } from '../coin/mini/splits.js'
import { miniTasks, sampleOf } from '../coin/mini/tasks/index.js'
import { wordings } from '../coin/mini/tasks/task.js'

interface Shown {
  readonly scene: Scene | null
  readonly lines: readonly string[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'train' },
    wording: { type: 'string', default: 'shared' },
    count: { type: 'string', default: '24' },
    seed: { type: 'string', default: '0' },
  },
})

const [out = 'contact-sheet.png', what = 'gqa'] = positionals
const seed = Number(values.seed)
const member = <A extends string>(list: readonly A[], name: string | undefined, kind: string): A => {
  const found = list.find((one) => one === name)
  if (found === undefined) throw new Error(`no ${kind} "${name}"; there are ${list.join(', ')}`)
  return found
}

const shown = (index: number): Shown => {
  if (what.startsWith('captions:')) {
    const { scene, turns } = captionSample(index, seed, member(captionKinds, what.slice(9), 'kind of captions'))
    return { scene, lines: turns.flatMap(({ request, reply }) => [`» ${request}`, reply]) }
  }
  const task = miniTasks.find(({ id }) => id === what)
  if (task === undefined) throw new Error(`no task "${what}"; there are ${miniTasks.map(({ id }) => id).join(', ')}`)
  const sample = sampleOf(task, member(splits, values.split, 'split'), index, { seed, wording: member(wordings, values.wording, 'wording') })
  return { scene: sample.scene, lines: [...sample.question.split('\n'), `→ ${sample.answer}  (${sample.kind})`] }
}

const [columns, width, height, zoom] = [6, 220, 236, 2]
const pack = await readPack()
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const wrapped = (line: string): readonly string[] => line.replaceAll('\n', ' / ').match(/.{1,40}(?:\s|$)/g) ?? [line]

const rows = Math.ceil(Number(values.count) / columns)
const parts = await Promise.all(
  Array.from({ length: Number(values.count) }, async (_, index) => {
    const { scene, lines } = shown(index)
    const [left, top] = [(index % columns) * width + 4, Math.floor(index / columns) * height + 4]
    const text = lines
      .flatMap(wrapped)
      .map(
        (line, row) => `<text x="0" y="${10 + row * 12}" font-family="Arial, Liberation Sans, sans-serif" font-size="10.5">${escaped(line)}</text>`,
      )
      .join('')
    const caption = { input: Buffer.from(`<svg width="${width - 8}" height="100">${text}</svg>`), left, top: top + 64 * zoom + 2 }
    if (scene === null) return [caption]
    const picture = await sharp(render(pack, scene), { raw: { width: 64, height: 64, channels: 3 } })
      .resize(64 * zoom, 64 * zoom, { kernel: 'nearest' })
      .png()
      .toBuffer()
    return [{ input: picture, left, top }, caption]
  }),
)
await sharp({ create: { width: columns * width, height: rows * height, channels: 3, background: '#fff' } })
  .composite(parts.flat())
  .png()
  .toFile(out)
