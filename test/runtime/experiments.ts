import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { writeStream } from '../../coin/stream-writer.js'
import type { Picture, Sample, Stream, Task } from '../../coin/stream-types.js'
import {
  type ExperimentSpec,
  type ModelSpec,
  type PolicySpec,
  activationFrequency,
  copyOf,
  expansion,
  experiment,
  folder,
  knockOut,
  meanMinusStd,
  probe,
  siteOf,
  training,
  vae,
} from '../../dsl/index.js'
import { writeModelFolder } from '../../models/formats/folder.js'
import { vocabularyOf, wordTokenizer } from '../../models/tokenizer-words.js'
import type { Metrics } from '../../runtime/metrics.js'
import { type Report, silent } from '../../runtime/progress.js'
import { type Finished, run } from '../../runtime/run/index.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'

const colours = ['red', 'green', 'blue'] as const

/** A picture of one colour, with a corner that makes each of them another. */
const painted = (colour: number, n: number): Picture => ({
  pixels: Uint8Array.from({ length: 192 }, (_, i) => (i < 3 ? (n * 37) % 256 : i % 3 === colour ? 230 : 20)),
  width: 8,
  height: 8,
})

const named = (n: number): string => colours[n % 3] ?? ''

const samplesOf = (split: string, count: number, of: (n: number) => Omit<Sample, 'id'>): readonly Sample[] =>
  Array.from({ length: count }, (_, n) => ({ id: `${split}-${n}`, ...of(split === 'test' ? n + 100 : n) }))

const taskOf = (id: string, of: (n: number) => Omit<Sample, 'id'>, heldOut: boolean): Task => ({
  id,
  scorer: 'exact',
  train: samplesOf('train', 24, of),
  ...(heldOut ? { heldOut: samplesOf('heldOut', 8, of) } : {}),
  test: samplesOf('test', 5, (n) => {
    const { earlier: _, ...asked } = of(n)
    return asked
  }),
})

/** Three tasks: name the colour of a picture, repeat a word, and say what a picture is not after having talked about it. */
const stream: Stream = {
  name: 'three',
  tasks: [
    taskOf('colour', (n) => ({ question: 'what colour ?', answer: named(n), image: painted(n % 3, n) }), true),
    taskOf('repeat', (n) => ({ question: `say ${named(n)} again`, answer: named(n) }), false),
    taskOf(
      'other',
      (n) => ({
        question: 'what is it not ?',
        answer: named(n + 1),
        image: painted(n % 3, n),
        earlier: [{ question: 'what colour ?', answer: named(n) }],
      }),
      false,
    ),
  ],
}

const texts = ['USER: ASSISTANT:', 'what colour ?', 'say again', 'what is it not ?', colours.join(' ')]

const tokenizer = E.getOrElseW((message: string): never => {
  throw new Error(message)
})(wordTokenizer(vocabularyOf(texts)))

/** A base without a task, where experts may grow at three places. */
const model: ModelSpec = {
  ...tiny(),
  name: 'base',
  decoder: { ...tiny().decoder, vocab: 288, width: 24, ffn: 40, headDim: 6, positions: 64 },
  sites: [siteOf(0, 'ffn.up'), siteOf(1, 'attn.q'), siteOf(1, 'ffn.up')].map((id) => ({ id, experts: [], routers: [] })),
  locator: vae({ hidden: 8, latent: 2, samples: 2, train: { steps: 30, batch: 16, learningRate: 0.01 } }),
}

const probing = probe({ rank: 4, share: 0.5, holdOut: 0.4, steps: 12, learningRate: 0.03 })

const policies = {
  fresh: expansion('fresh', { probe: probing, criterion: knockOut({ above: 0.05, sigmas: 0 }) }),
  copies: expansion('copies', { probe: probing, criterion: activationFrequency({ above: meanMinusStd(0.5) }), init: copyOf('most-activated') }),
} satisfies Readonly<Record<string, PolicySpec>>

/** A folder with a stream and a base in it, and experiments on them. Their courses are longer than the distance of checkpoints. */
export interface Workplace {
  readonly root: string
  /** A folder for a run. */
  readonly dir: (name: string) => string
  readonly experiment: (policy: keyof typeof policies, parts?: Partial<ExperimentSpec>) => ExperimentSpec
}

export const workplace = async (): Promise<Workplace> => {
  const root = mkdtempSync(join(tmpdir(), 'runs-'))
  const [base, tasks] = [join(root, 'base'), join(root, 'stream')]
  const preprocessing = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25], fit: 'pad' } as const
  const written = await writeModelFolder()(base, { model, weights: drawnWeights(model), tokenizer, conversation: 'plain', preprocessing })
  const streamed = await writeStream(tasks, stream)
  for (const result of [written, streamed]) if (E.isLeft(result)) throw new Error(result.left.message)
  mkdirSync(join(root, 'runs'))
  return {
    root,
    dir: (name) => join(root, 'runs', name),
    experiment: (policy, parts = {}) => ({
      ...experiment({
        name: policy,
        model,
        policy: policies[policy],
        stream: folder(tasks),
        weights: { kind: 'folder', path: base },
        train: training({ steps: 50, batch: 4, learningRate: 0.03 }),
        baselines: ['sequential-lora', 'joint'],
      }),
      ...parts,
    }),
  }
}

/** What a run came to; a mistake of the user's ends the test. */
export const finished = (result: E.Either<readonly string[], Finished>): Finished => {
  if (E.isLeft(result)) throw new Error(result.left.join('\n'))
  return result.right
}

export const where = { backend: 'wasm', threads: 1 } as const

export const ran = async (spec: ExperimentSpec, dir: string, report: Report = silent, threads = 1): Promise<Finished> =>
  finished(await run({ experiment: spec, dir, backend: 'wasm', threads }, report))

/** All figures but the seconds that they took. */
export const timeless = (metrics: Metrics): Metrics => ({ ...metrics, seconds: {} })
