import * as t from 'io-ts'
import { type ExperimentSpec, type StreamReference, hash } from '../../dsl/index.js'
import { miniFolder } from '../../models/index.js'

/**
 * `inputs.json`: what a run was begun with. It goes on with nothing else, or its end would not be that of the unbroken run. The number of threads is no part of
 * it: it changes no bit.
 */
export const Inputs = t.readonly(
  t.type({
    format: t.literal('cmoe/inputs/1'),
    /** The hash of `experiment.json`. */
    experiment: t.string,
    /** Hashes of the frozen base. */
    base: t.readonly(t.type({ model: t.string, tokenizer: t.string, weights: t.string })),
    /** A hash of every record and every picture file; pictures that are drawn are named by what they are drawn from. */
    stream: t.string,
    /** What `--backend` calls it, and what it calls itself. */
    backend: t.string,
    device: t.string,
    /** Of the programs that compute. */
    versions: t.readonly(t.record(t.string, t.string)),
  }),
)

export type Inputs = t.TypeOf<typeof Inputs>

/** What a run learns from, wherever it computes. */
export type Material = Pick<Inputs, 'base' | 'stream'>

/** Where a stream is, for people. */
export const streamPlace = (stream: StreamReference): string => (stream.kind === 'folder' ? stream.path : 'MiniCoIN')

/** Whether the experiment in a run's folder is another than the run's, and how to mend it. */
export const changedExperiment = (dir: string, before: Inputs, experiment: ExperimentSpec): readonly string[] =>
  before.experiment === hash(experiment)
    ? []
    : [
        `${dir}: experiment.json is not the experiment that this run began with; put it back as it was, or begin a new run: cmoe run ${dir}/experiment.json --out OTHER`,
      ]

/** What of a run's material is not as it was, and how to mend it. */
export const changedMaterial = ({ weights, stream }: ExperimentSpec, before: Material, now: Material): readonly string[] => {
  const parts = (['model', 'tokenizer', 'weights'] as const).filter((part) => before.base[part] !== now.base[part])
  const base = `${weights.kind === 'folder' ? weights.path : miniFolder}: the base is not the one that this run began with (other: ${parts.join(', ')})`
  const tasks = `${streamPlace(stream)}: records or pictures of the stream are not those that this run began with`
  return [
    ...(parts.length === 0 ? [] : [`${base}; put it back as it was, or begin a new run`]),
    ...(before.stream === now.stream ? [] : [`${tasks}; put them back as they were, or begin a new run`]),
  ]
}

/** What of the programs that compute is not as it was, and how to mend it. */
export const changedProgram = (dir: string, before: Inputs, now: Inputs): readonly string[] => {
  const device = before.device === now.device ? [] : [`computed on ${before.device}, not on ${now.device}`]
  const names = [...new Set([...Object.keys(before.versions), ...Object.keys(now.versions)])].sort()
  const versions = names
    .filter((name) => before.versions[name] !== now.versions[name])
    .map((name) => `made with ${name} ${before.versions[name] ?? '(none)'}, not ${now.versions[name] ?? '(none)'}`)
  return [...device, ...versions].map((what) => `${dir}: was ${what}, which may end in other bits; go on with that one, or begin a new run`)
}
