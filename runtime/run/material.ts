import { join } from 'node:path'
import type { Sample, Stream } from '../../coin/stream-types.js'
import { hashJson } from '../../dsl/hash.js'
import type { ExperimentSpec, StreamReference } from '../../dsl/index.js'
import { type ModelFolder, miniFolder } from '../../models/index.js'
import { step } from '../progress.js'
import { type Clock, during } from './clock.js'
import { fileHash, lockedHash } from './hashes.js'
import type { Material } from './inputs.js'

/** The hashes of what a run learns from. Every picture file is read: it may have changed behind its name. */
export const materialOf = async (clock: Clock, { weights, stream }: ExperimentSpec, base: ModelFolder, read: Stream): Promise<Material> => ({
  base: await baseHashes(weights.kind === 'folder' ? weights.path : miniFolder, base),
  stream: await streamHash(clock, stream, read),
})

/** The tokenizer is known by its files, all else by what was read from them. */
const baseHashes = async (folder: string, { model, weights, imageToken, conversation, preprocessing }: ModelFolder): Promise<Material['base']> => ({
  model: hashJson([model.vision, model.connector, model.decoder, imageToken, conversation, preprocessing]),
  tokenizer: hashJson([await fileHash(join(folder, 'tokenizer.json')), await fileHash(join(folder, 'tokenizer_config.json'))]),
  weights: lockedHash(weights),
})

const streamHash = async (clock: Clock, reference: StreamReference, { tasks }: Stream): Promise<string> => {
  const pictures = await pictureHashes(
    clock,
    tasks.flatMap(({ train, heldOut = [], test }) => [...train, ...heldOut, ...test]),
  )
  const records = (split: readonly Sample[] | undefined) =>
    split?.map(({ image, ...record }) => [record, image === undefined || !('path' in image) ? null : pictures.get(image.path)])
  return hashJson([
    reference.kind === 'mini' ? reference : null,
    tasks.map(({ id, scorer, train, heldOut, test }) => [id, scorer, records(train), records(heldOut), records(test)]),
  ])
}

/** Pictures that are read at once. */
const parallel = 16

const pictureHashes = async (clock: Clock, samples: readonly Sample[]): Promise<ReadonlyMap<string, string>> => {
  const paths = [...new Set(samples.flatMap(({ image }) => (image !== undefined && 'path' in image ? [image.path] : [])))]
  if (paths.length === 0) return new Map()
  return during({ clock }, 'inputs', null, `reading ${paths.length} pictures, to know them again`, paths.length, async () => {
    const hashes: (readonly [string, string])[] = []
    for (let at = 0; at < paths.length; at += parallel) {
      hashes.push(...(await Promise.all(paths.slice(at, at + parallel).map(async (path) => [path, await fileHash(path)] as const))))
      clock.report(step(hashes.length))
    }
    return new Map(hashes)
  })
}
