import { captionSample } from '../../coin/mini/captions/index.js'
import { lessonSample } from '../../coin/mini/lessons/index.js'
import { readPack } from '../../coin/mini/pack.js'
import { conversations } from '../../coin/prompts.js'
import { allocate } from '../../compiler/compile.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { parameters } from '../../compiler/plan/parameters.js'
import type { Device } from '../../compiler/targets/device.js'
import { type ModelSpec, hash } from '../../dsl/index.js'
import { nodeFiles, showFileError } from '../../models/formats/files.js'
import { writeModelFolder } from '../../models/formats/folder.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import type { Processor } from '../data/encode.js'
import { type Report, note, phase } from '../progress.js'
import type { RunFolder } from '../run/folder.js'
import { lockedHash } from '../run/hashes.js'
import { orStop, stop } from '../stop.js'
import { tensorsOf } from '../tensors.js'
import { runVersions } from '../versions.js'
import { agree, forgetAsked, isBegun } from './asked.js'
import { Card, cardPage } from './card.js'
import { judgeCaptions } from './judge.js'
import type { PretrainSettings } from './settings.js'
import { type Stages, forgetStage, runStage } from './stage.js'
import { miniTokenizer } from './tokenizer.js'
import { teachToTell } from './tell.js'
import { type Workshop, teachTower } from './tower.js'

/** What pre-training is asked for, in a folder that is held. */
export interface PretrainRequest {
  readonly folder: RunFolder
  readonly device: Device
  readonly model: ModelSpec
  readonly preprocessing: Preprocessing
  readonly settings: PretrainSettings
  readonly report: Report
  readonly now: () => number
}

const cardFile = 'card.json'

/**
 * Makes a base model: the tower from dense labels, connector and decoder from captions and then from lessons, and its folder in Hugging Face's form.
 * What a killed run had reached is kept in the folder, and the same call goes on from there to the same bits.
 */
export const pretrain = async (request: PretrainRequest): Promise<Card> => {
  const { folder, device, model, preprocessing, settings } = request
  const finished = await folder.has(cardFile)
  if (finished && !(await isBegun(folder))) stop(`${folder.path}: holds a base that is finished; choose another folder with --out`)
  const backend = device.name.split(' (')[0]
  await agree(folder, { model: hash(model), preprocessing, settings, backend, version: runVersions['cmoe'] })
  const card = finished ? await folder.readAs(cardFile, Card) : await made(request)
  for (const stage of ['tower', 'captions', 'lessons'] as const) await forgetStage(folder, stage)
  await forgetAsked(folder)
  return card
}

/** All stages, what is judged of them, and every file; the card is the last. */
const made = async ({ folder, device, model, preprocessing, settings, report, now }: PretrainRequest): Promise<Card> => {
  const { files, tokenizer, imageToken } = miniTokenizer()
  const processor: Processor = { tokenizer, imageToken, form: conversations.plain, visualTokens: visualTokens(model.vision, model.connector) }
  const workshop: Workshop = { device, model, preprocessing, settings, report, pack: await readPack() }
  const stages: Stages = { folder, device, report, now, every: settings.every }

  const tower = await runStage(stages, {
    name: 'tower',
    steps: settings.tower.steps ?? 0,
    owns: isTower(model),
    work: (keeper) => teachTower(workshop, keeper),
  })
  const captions = await runStage(stages, {
    name: 'captions',
    steps: settings.captions.steps ?? 0,
    owns: (name) => !isTower(model)(name),
    work: async (keeper) => {
      await allocate(device, settings.seed)(model)
      return { losses: await teachToTell(workshop, processor, 'captions', captionSample, keeper), accuracies: {} }
    },
  })
  const lessons = await runStage(stages, {
    name: 'lessons',
    steps: settings.lessons.steps ?? 0,
    owns: (name) => !isTower(model)(name),
    work: async (keeper) => ({ losses: await teachToTell(workshop, processor, 'lessons', lessonSample, keeper), accuracies: {} }),
  })
  report(phase('judge', null, 'what the base says of unseen pictures'))
  const judged = await judgeCaptions(workshop, processor)
  const figures = Object.entries(judged).map(([kind, accuracy]) => `${kind} ${accuracy.toFixed(0)}`)
  report(note(figures.join(', ')))

  const weights = await tensorsOf(device.store, [...parameters(model).keys()])
  orStop(showFileError)(await writeModelFolder(nodeFiles)(folder.path, { model, weights, tokenizer: files, conversation: 'plain', preprocessing }))
  const card: Card = {
    format: 'cmoe/card/1',
    model: hash(model),
    weights: lockedHash(weights),
    settings,
    backend: device.name,
    seconds: { tower: tower.seconds, captions: captions.seconds, lessons: lessons.seconds },
    losses: { tower: tower.losses, captions: captions.losses, lessons: lessons.losses },
    tower: tower.accuracies,
    captions: judged,
  }
  await folder.writeText('README.md', cardPage(card))
  await folder.writeJson(cardFile, card)
  return card
}

const isTower = (model: ModelSpec) => {
  const table = parameters(model)
  return (name: string): boolean => {
    const owner = table.get(name)?.owner
    return owner?.kind === 'base' && owner.part === 'vision'
  }
}
