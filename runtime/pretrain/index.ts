import { readPack } from '../../coin/mini/pack.js'
import { conversations } from '../../coin/prompts.js'
import { allocate } from '../../compiler/compile.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { parameters } from '../../compiler/plan/parameters.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { type ModelSpec, hash } from '../../dsl/index.js'
import { nodeFiles, showFileError } from '../../models/formats/files.js'
import { writeModelFolder } from '../../models/formats/folder.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import type { Wording } from '../data/encode.js'
import { type Report, done, note, phase } from '../progress.js'
import { keeperOf } from '../run/checkpoints.js'
import { type RunFolder, runFolder } from '../run/folder.js'
import { lockedHash } from '../run/hashes.js'
import { orStop } from '../stop.js'
import { teachCaptions } from './captions.js'
import { type Card, cardPage } from './card.js'
import { judgeCaptions } from './judge.js'
import type { PretrainSettings } from './settings.js'
import { type Workshop, teachTower } from './tower.js'
import { miniTokenizer } from './tokenizer.js'

export { miniSettings, type PretrainSettings } from './settings.js'

/** What pre-training is asked for. */
export interface PretrainRequest {
  readonly dir: string
  readonly device: Device
  readonly model: ModelSpec
  readonly preprocessing: Preprocessing
  readonly settings: PretrainSettings
  readonly report: Report
  readonly now: () => number
}

/**
 * Makes a base model: the tower from dense labels, connector and decoder from captions, then its folder in Hugging Face's form.
 * What a killed run had reached is kept in the folder, and the same call goes on from there.
 */
export const pretrain = async ({ dir, device, model, preprocessing, settings, report, now }: PretrainRequest): Promise<Card> => {
  const folder = runFolder(dir, nodeFiles)
  const { files, tokenizer, imageToken } = miniTokenizer()
  const wording: Wording = { tokenizer, imageToken, form: conversations.plain, visualTokens: visualTokens(model.vision, model.connector) }
  const workshop: Workshop = { device, model, preprocessing, settings, report, pack: await readPack() }
  const keeper = (stage: string) => ({ ...keeperOf(folder, `pretrain ${stage}`), every: settings.every })

  const tower = await stage(
    folder,
    'tower',
    device,
    report,
    now,
    settings.tower.steps ?? 0,
    () => teachTower(workshop, keeper('tower')),
    isTower(model),
  )
  const captions = await stage(
    folder,
    'captions',
    device,
    report,
    now,
    settings.captions.steps ?? 0,
    async () => {
      await allocate(device, settings.seed)(model)
      const losses = await teachCaptions(workshop, wording, keeper('captions'))
      return { losses, accuracies: {} }
    },
    (name) => !isTower(model)(name),
  )
  report(phase('judge', null, 'what the base says of unseen pictures'))
  const judged = await judgeCaptions(workshop, wording)
  report(
    note(
      Object.entries(judged)
        .map(([kind, accuracy]) => `${kind} ${accuracy.toFixed(0)}`)
        .join(', '),
    ),
  )

  const weights = await read(device, [...parameters(model).keys()])
  orStop(showFileError)(await writeModelFolder(nodeFiles)(dir, { model, weights, tokenizer: files, conversation: 'plain', preprocessing }))
  const card: Card = {
    format: 'cmoe/card/1',
    model: hash(model),
    weights: lockedHash(weights),
    settings,
    backend: device.name,
    seconds: { tower: tower.seconds, captions: captions.seconds },
    losses: { tower: tower.losses, captions: captions.losses },
    tower: tower.accuracies,
    captions: judged,
  }
  await folder.writeJson('card.json', card)
  await folder.writeText('README.md', cardPage(card))
  for (const file of ['checkpoints/tower.json', 'checkpoints/captions.json', 'checkpoints/tower.safetensors', 'checkpoints/captions.safetensors'])
    await folder.remove(file)
  return card
}

const isTower = (model: ModelSpec) => {
  const table = parameters(model)
  return (name: string): boolean => {
    const owner = table.get(name)?.owner
    return owner?.kind === 'base' && owner.part === 'vision'
  }
}

interface Stage {
  readonly losses: readonly number[]
  readonly accuracies: Readonly<Record<string, number>>
  readonly seconds: number
}

/** Runs a stage and keeps its tensors, or takes them from the folder where it has been run before. */
const stage = async (
  folder: RunFolder,
  name: string,
  device: Device,
  report: Report,
  now: () => number,
  steps: number,
  work: () => Promise<Omit<Stage, 'seconds'>>,
  own: (tensor: string) => boolean,
): Promise<Stage> => {
  const [result, tensors] = [`checkpoints/${name}.json`, `checkpoints/${name}.safetensors`]
  if (await folder.has(result)) {
    for (const [tensor, value] of Object.entries((await folder.readTensors(tensors)).tensors)) device.store.put(tensor, value)
    return (await folder.readJson(result)) as Stage
  }
  report(phase('pretrain', null, `pre-training: ${name}`, steps))
  const start = now()
  const { losses, accuracies } = await work()
  const finished: Stage = { losses: hundredths(losses), accuracies, seconds: (now() - start) / 1000 }
  report(done('pretrain', null, finished.seconds))
  await folder.writeTensors(
    tensors,
    await read(
      device,
      device.store.names().filter((tensor) => own(tensor)),
    ),
  )
  await folder.writeJson(result, finished)
  await folder.remove(`checkpoints/pretrain-${name}.safetensors`)
  return finished
}

const read = async ({ store }: Device, names: readonly string[]): Promise<Tensors> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await store.get(name)] as const)))

/** Means over a hundred equal parts. */
const hundredths = (losses: readonly number[]): readonly number[] => {
  const part = Math.max(1, Math.ceil(losses.length / 100))
  return Array.from({ length: Math.ceil(losses.length / part) }, (_, i) => {
    const of = losses.slice(i * part, (i + 1) * part)
    return of.reduce((a, b) => a + b, 0) / of.length
  })
}
