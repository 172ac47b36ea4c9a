/**
 * Writes captions, probes and task samples as raw arrays, for training experiments outside this project.
 *
 *   npx tsx scripts/data-pack/export.ts OUT [--captions 100000] [--seed 0] [--train 2000] [--held-out 200] [--test 400] [--probes 200]
 */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { captionSample } from '../../coin/mini/captions/index.js'
import { captionProbe, probeKinds } from '../../coin/mini/captions/probes.js'
import type { Turn } from '../../coin/mini/captions/turn.js'
import { readPack } from '../../coin/mini/pack.js'
import { attributeLabels, labelSizes, labelsOf, whatLabels } from '../../coin/mini/scenes/labels.js'
import { render } from '../../coin/mini/scenes/render.js'
import type { Scene } from '../../coin/mini/scenes/scene.js'
import { miniTasks, sampleOf } from '../../coin/mini/tasks/index.js'
import { wordings } from '../../coin/mini/tasks/task.js'
import { miniTokenizer } from '../../runtime/pretrain/tokenizer.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    captions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '0' },
    train: { type: 'string', default: '2000' },
    'held-out': { type: 'string', default: '200' },
    test: { type: 'string', default: '400' },
    probes: { type: 'string', default: '200' },
  },
})
const out = positionals[0] ?? 'runs/mini-arrays'
const seed = Number(values.seed)
mkdirSync(out, { recursive: true })
const pack = await readPack()

const { tokenizer } = miniTokenizer()
const ids = (text: string): readonly number[] => tokenizer.encode(text)
const prompt = (text: string): readonly number[] => ids(`USER: ${text} ASSISTANT:`)

const width = 56
const turnIds = ({ request, reply }: Turn): { readonly ids: readonly number[]; readonly replied: readonly number[] } => {
  const [asked, replied] = [prompt(request), [...ids(reply), tokenizer.eos]]
  return { ids: [...asked, ...replied], replied: [...asked.map(() => 0), ...replied.map(() => 1)] }
}

const blank = new Uint8Array(64 * 64 * 3)
const picture = (scene: Scene | null): Uint8Array => (scene === null ? blank : render(pack, scene))

const writer = (name: string) => {
  const stream = createWriteStream(join(out, name))
  return {
    write: async (bytes: Uint8Array) => {
      if (!stream.write(bytes)) await once(stream, 'drain')
    },
    end: async () => {
      stream.end()
      await finished(stream)
    },
  }
}

const writeCaptions = async (): Promise<void> => {
  const count = Number(values.captions)
  const [images, what, attribute, box, things, beside, text, replied, lengths, seen] = [
    'images.u8',
    'what.u8',
    'attribute.u8',
    'box.u8',
    'count.u8',
    'beside.u8',
    'tokens.u16',
    'replied.u8',
    'lengths.u8',
    'has_image.u8',
  ].map((name) => writer(`captions.${name}`))
  const kinds: string[] = []
  for (let index = 0; index < count; index += 1) {
    const caption = captionSample(index, seed)
    kinds.push(caption.kind)
    const labels = caption.scene === null ? null : labelsOf(caption.scene)
    const flat = caption.turns.map(turnIds)
    const row = flat.flatMap((turn) => turn.ids)
    const rowReplied = flat.flatMap((turn) => turn.replied)
    if (row.length > width) throw new Error(`caption ${index} is ${row.length} tokens long`)
    const padded = new Uint16Array(width)
    padded.set(row)
    const paddedReplied = new Uint8Array(width)
    paddedReplied.set(rowReplied)
    await images?.write(picture(caption.scene))
    await what?.write(labels?.what ?? new Uint8Array(64))
    await attribute?.write(labels?.attribute ?? new Uint8Array(64))
    await box?.write(labels?.box ?? new Uint8Array(256))
    await things?.write(labels?.count ?? new Uint8Array(64))
    await beside?.write(labels?.beside ?? new Uint8Array(256))
    await text?.write(new Uint8Array(padded.buffer))
    await replied?.write(paddedReplied)
    await lengths?.write(Uint8Array.of(row.length))
    await seen?.write(Uint8Array.of(caption.scene === null ? 0 : 1))
  }
  await Promise.all([images, what, attribute, box, things, beside, text, replied, lengths, seen].map(async (one) => one?.end()))
  writeFileSync(join(out, 'captions.kinds.json'), JSON.stringify(kinds))
}

const writeQuestions = async (
  name: string,
  rows: readonly {
    readonly scene: Scene | null
    readonly request: string
    readonly answer: string
    readonly kind: string
    readonly id: string
  }[],
) => {
  const images = writer(`${name}.images.u8`)
  for (const row of rows) await images.write(picture(row.scene))
  await images.end()
  writeFileSync(
    join(out, `${name}.json`),
    JSON.stringify(
      rows.map(({ scene, request, answer, kind, id }) => ({
        id,
        kind,
        image: scene !== null,
        question: request,
        answer,
        prompt_ids: prompt(request),
        answer_ids: ids(answer),
      })),
    ),
  )
}

writeFileSync(join(out, 'vocabulary.json'), JSON.stringify(Array.from({ length: tokenizer.size }, (_, id) => tokenizer.token(id) ?? '')))
writeFileSync(join(out, 'labels.json'), JSON.stringify({ what: whatLabels, attribute: attributeLabels, sizes: labelSizes }))
for (const kind of probeKinds) {
  const rows = Array.from({ length: Number(values.probes) }, (_, index) => captionProbe(kind, index)).map((probe, index) => ({
    ...probe,
    answer: probe.expected,
    kind,
    id: `${kind} ${index}`,
  }))
  await writeQuestions(`probe.${kind.replaceAll(' ', '-')}`, rows)
}
for (const wording of wordings)
  for (const task of miniTasks)
    for (const [split, count] of [
      ['train', values.train],
      ['heldOut', values['held-out']],
      ['test', values.test],
    ] as const)
      await writeQuestions(
        `task.${wording}.${task.id}.${split}`,
        Array.from({ length: Number(count) }, (_, index) => sampleOf(task, split, index, { seed, wording })).map((sample) => ({
          ...sample,
          request: sample.question,
        })),
      )
await writeCaptions()
