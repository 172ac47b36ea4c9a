import * as t from 'io-ts'
import type { RunFolder } from '../run/folder.js'
import { stop } from '../stop.js'

/** What a pre-training is asked for. It is kept with the checkpoints: bits that came of something else are not to be gone on with. */
export type Asked = Readonly<Record<string, unknown>>

const name = 'checkpoints/asked.json'

const Kept = t.readonly(t.strict({ format: t.literal('cmoe/pretraining/1'), asked: t.UnknownRecord }))

/** Keeps what is asked for in a folder where nothing was begun; ends where what was begun there was asked for something else. */
export const agree = async (folder: RunFolder, asked: Asked): Promise<void> => {
  if (!(await folder.has(name))) return folder.writeJson(name, { format: 'cmoe/pretraining/1', asked })
  const kept = await folder.readAs(name, Kept)
  const differing = differences(kept.asked, asked)
  if (differing.length > 0)
    stop(
      `${folder.path}: holds an unfinished pre-training of another kind (${differing.join('; ')}); ask for that one to go on with it, or choose another folder with --out`,
    )
}

export const isBegun = (folder: RunFolder): Promise<boolean> => folder.has(name)

/** After this, nobody knows that anything was unfinished. */
export const forgetAsked = (folder: RunFolder): Promise<void> => folder.remove(name)

/** Where two values differ, e.g. `settings.seed: 0 there, 1 asked for now`. */
const differences = (before: Asked, now: Asked): readonly string[] => {
  const [there, here] = [leaves('', before), leaves('', now)]
  return [...new Set([...there.keys(), ...here.keys()])]
    .filter((path) => there.get(path) !== here.get(path))
    .map((path) => `${path}: ${there.get(path) ?? 'nothing'} there, ${here.get(path) ?? 'nothing'} asked for now`)
}

/** The values of a JSON value that hold no others, as text, by their path. */
const leaves = (path: string, value: unknown): ReadonlyMap<string, string> =>
  typeof value === 'object' && value !== null
    ? new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(path === '' ? key : `${path}.${key}`, inner)]))
    : new Map([[path, JSON.stringify(value)]])
