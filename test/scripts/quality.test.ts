import * as E from 'fp-ts/lib/Either.js'
import { markdownTable } from '../../runtime/report/markdown.js'
import { describe, expect, test } from 'vitest'
import { type ModelSpec, checkExperiment, hash } from '../../dsl/index.js'
import { mini, miniExperiment } from '../../models/index.js'
import type { Metrics } from '../../runtime/metrics.js'
import { type Comparison, emptyPage, figuresJson, figuresMarkdown, mixed, placed, verdictsOf } from '../../scripts/quality/document.js'
import { type RunFacts, factsOf } from '../../scripts/quality/facts.js'
import { perTask, spread, summaryOf } from '../../scripts/quality/figures.js'
import { changedBits } from '../../scripts/quality/logits.js'
import { readOptions } from '../../scripts/quality/options.js'
import { shown } from '../../scripts/quality/tables.js'
import { tiny, variantsOf } from '../../scripts/quality/variants.js'

/** Two tasks; every figure was worked out by hand. */
const metrics: Metrics = {
  tasks: ['gqa', 'vizwiz'],
  matrix: [
    [80, null],
    [78, 60],
  ],
  last: 69,
  mft: 70,
  maa: 74.5,
  bwt: { overT: -1, overTMinus1: -2 },
  oracle: {
    matrix: [
      [82, null],
      [82, 64],
    ],
    last: 73,
    mft: 73,
    maa: 77.5,
    bwt: { overT: 0, overTMinus1: 0 },
  },
  zeroShot: { matrix: [[2, 4]], last: 3 },
  joint: { matrix: [[76, 64]], last: 70 },
  baselines: {
    'sequential-lora': {
      matrix: [
        [80, null],
        [20, 60],
      ],
      last: 40,
      mft: 70,
      maa: 60,
      bwt: { overT: -30, overTMinus1: -60 },
    },
  },
  locator: {
    accuracy: 95,
    confusion: [
      [9, 1],
      [0, 10],
    ],
    rivals: {
      'text only': {
        accuracy: 70,
        confusion: [
          [8, 2],
          [4, 6],
        ],
      },
    },
  },
  parameters: { base: 1000, initial: 0, added: [1, 1] },
  seconds: { learn: 60, probe: 30 },
}

/** Mini with an expert of rank 8 (8 * (128 + 352) numbers) and a router over it (128) for every task at so many sites; a VAE for every task. */
const grown = (sites: number): ModelSpec => ({
  ...mini,
  tasks: metrics.tasks.map((id) => ({ id })),
  sites: mini.sites.map((site, i) => ({
    ...site,
    experts:
      i < sites
        ? metrics.tasks.map((task) => ({ id: `${task}.0`, rank: 8, alpha: 16, origin: { kind: 'fresh' }, task, by: 'test', probe: false }))
        : [],
    routers:
      i < sites ? metrics.tasks.map((task) => ({ task, sees: [`${task}.0`], gate: { kind: 'dense', temperature: 1 } as const, probe: false })) : [],
  })),
})

const run = (variant: string, seed: number, sites: number, changes: Partial<Metrics> = {}): RunFacts =>
  factsOf(
    { ...metrics, ...changes },
    {
      variant,
      seed,
      backend: 'wasm (2 threads)',
      hash: 'h',
      data: `data ${seed}`,
      start: `start ${seed}`,
      logits: { compared: 100, changed: 0 },
      initial: mini,
      final: grown(sites),
    },
  )

const variants = variantsOf(miniExperiment)

const comparison = (runs: readonly RunFacts[]): Comparison => ({ seeds: [0, 1], variants, runs, caution: null })

const whole = comparison([run('recommended', 0, 2), run('everywhere', 0, 4), run('recommended', 1, 2, { last: 71 }), run('everywhere', 1, 4)])

describe('facts of a run', () => {
  const facts = run('recommended', 0, 2)

  test('count what grew, the locator apart', () => {
    expect(facts.added.growth).toBe(2 * 2 * (8 * (128 + 352) + 128))
    // 128-32-8-32-(128 + 128) with biases, centre, spread, calibration.
    expect(facts.added.locator).toBe(2 * (128 * 32 + 32 + 2 * (32 * 8 + 8) + 8 * 32 + 32 + 2 * (32 * 128 + 128) + 2 * 128 + 2))
    expect(facts.experts).toEqual([2, 2])
  })

  test('tell just learnt from the end, and the locator by task', () => {
    expect(facts.located.learnt).toEqual([80, 60])
    expect(facts.located.atEnd).toEqual([78, 60])
    expect(facts.sequential?.atEnd).toEqual([20, 60])
    expect(facts.locator?.perTask).toEqual([90, 100])
    expect(facts.rivals['text only']?.perTask).toEqual([80, 60])
  })
})

describe('figures over seeds', () => {
  test('mean, least and most', () => {
    expect(spread([3, 1, 5])).toEqual({ mean: 3, least: 1, most: 5, values: [3, 1, 5] })
    expect(spread([])).toBeNull()
    expect(shown(spread([70, 72]), String)).toBe('71 (70 to 72)')
    expect(shown(spread([70]), String)).toBe('70')
    expect(shown(null, String)).toBe('–')
  })

  test('of every kind', () => {
    const { last, givenLeast, minutes, joint, zeroShot } = summaryOf(whole.runs.filter(({ variant }) => variant === 'recommended'))
    expect(last).toMatchObject({ mean: 70, least: 69, most: 71 })
    expect(givenLeast?.mean).toBe(64)
    expect(minutes?.mean).toBe(1.5)
    expect(joint?.mean).toBe(70)
    expect(zeroShot?.mean).toBe(3)
    expect(perTask(whole.runs, ({ locator }) => locator?.perTask ?? null).map((of) => of?.mean)).toEqual([90, 100])
  })
})

describe('targets', () => {
  const verdicts = (of: Comparison) => Object.fromEntries(verdictsOf(of).map(({ sentence, verdict, mean }) => [sentence, { verdict, mean }]))
  const find = (of: Comparison, part: string) => Object.entries(verdicts(of)).find(([sentence]) => sentence.includes(part))?.[1]

  test('are judged by the mean of the seeds', () => {
    expect(find(whole, 'zero-shot')).toEqual({ verdict: 'met', mean: 3 })
    expect(find(whole, 'weakest')).toEqual({ verdict: 'met', mean: 64 })
    expect(find(whole, 'sequential')).toEqual({ verdict: 'met', mean: -30 })
    expect(find(whole, 'nobody names the task (')).toEqual({ verdict: 'met', mean: -2 })
    expect(find(whole, 'joint')).toEqual({ verdict: 'met', mean: 1 })
    expect(find(whole, 'saved')).toEqual({ verdict: 'met', mean: 50 })
    expect(find(whole, 'Last less')).toEqual({ verdict: 'met', mean: 1 })
    // 2 * 2 of 8 experts, but the same two entries of the bank: 15872 of 31744 beside 26692.
    expect(find(whole, "locator's")?.verdict).toBe('missed')
  })

  test('that are exact hold of every seed or are missed', () => {
    const forgot = run('recommended', 1, 2, { oracle: { ...metrics, bwt: { overT: 0, overTMinus1: 1e-9 } } })
    expect(find(whole, 'BWT with the task given')?.verdict).toBe('met')
    expect(find(comparison([run('recommended', 0, 2), forgot]), 'BWT with the task given')?.verdict).toBe('missed')
    expect(find(comparison([{ ...run('recommended', 0, 2), logits: { compared: 9, changed: 1 } }]), 'logits')?.verdict).toBe('missed')
  })

  test('are missed by a hair, and by a figure that is no finite number', () => {
    const nearly = comparison([run('recommended', 0, 2, { zeroShot: { matrix: [[5, 5.1]], last: 5.05 } })])
    expect(find(nearly, 'zero-shot')?.verdict).toBe('missed')
    const broken = comparison([run('recommended', 0, 2, { zeroShot: { matrix: [[Number.NaN, 0]], last: Number.NaN } })])
    expect(find(broken, 'zero-shot')?.verdict).toBe('missed')
    const nothing = comparison([run('recommended', 0, 2, { joint: { matrix: [[0, 0]], last: 0 } })])
    expect(find(nothing, 'joint')?.verdict).toBe('missed')
  })

  test('say so where nothing was measured', () => {
    expect(find(comparison([run('recommended', 0, 2)]), 'saved')?.verdict).toBe('not measured')
    expect(verdictsOf(comparison([])).every(({ verdict }) => verdict === 'not measured')).toBe(true)
  })
})

test('runs of different states of the program are not passed off as comparable', () => {
  expect(mixed(whole)).toEqual([])
  const later = { ...run('everywhere', 0, 4), start: 'another' }
  expect(mixed({ runs: [run('recommended', 0, 2), later, { ...run('plain', 0, 2), data: 'plain', start: 'another' }] })).toEqual([
    expect.stringContaining('everywhere, seed 0'),
  ])
})

describe('the page', () => {
  test('takes the figures between its marks, again and again', () => {
    const once = placed(`before\n${emptyPage}after\n`, 'one')
    const twice = E.chain((page: string) => placed(page, 'two'))(once)
    expect(E.isRight(twice) && twice.right).toBe(E.isRight(once) && once.right.replace('one', 'two'))
    expect(E.isRight(twice) && twice.right.startsWith('before') && twice.right.endsWith('after\n')).toBe(true)
    expect(E.isLeft(placed('no marks', 'one'))).toBe(true)
  })

  test('shows every miss', () => {
    const text = figuresMarkdown(whole)
    expect(text).toContain('missed')
    expect(text).toMatch(/\| Last +\| 70\.0 \(69\.0 to 71\.0\) \|/)
    expect(figuresJson(whole).targets.filter(({ verdict }) => verdict === 'missed')).toHaveLength(1)
  })

  test('has tables whose columns stand under each other', () => {
    expect(
      markdownTable([
        ['a', 'figure'],
        ['longer', '1'],
      ]),
    ).toBe('| a      | figure |\n| ------ | -----: |\n| longer |      1 |')
  })
})

describe('what is compared', () => {
  test('is valid, and differs between any two variants and seeds', () => {
    const all = [0, 1].flatMap((seed) => variants.map(({ experiment }) => experiment(seed)))
    for (const experiment of [...all, ...all.map(tiny)]) expect(checkExperiment(experiment)).toEqual([])
    expect(new Set(all.map(hash)).size).toBe(all.length)
  })

  test('has 200 test samples of other data than npm start, and joint training once', () => {
    const [own] = variants.map(({ experiment }) => experiment(0))
    const { stream } = miniExperiment
    expect(own?.stream).toMatchObject({ test: 200, train: stream.kind === 'mini' ? stream.train : 0 })
    expect(own?.stream).not.toMatchObject({ seed: stream.kind === 'mini' ? stream.seed : 0 })
    expect(variants.map(({ experiment }) => experiment(0).baselines.length)).toEqual([2, 0, 0, 0])
  })
})

test('logits are compared bit by bit', () => {
  const of = (...values: readonly number[]) => ({ shape: [values.length], data: Float32Array.from(values) })
  expect(changedBits(of(1, 0, Number.NaN), of(1, 0, Number.NaN))).toBe(0)
  expect(changedBits(of(1, 0, 3), of(1, -0, 3.0000002))).toBe(2)
  expect(changedBits(of(1), of(1, 2))).toBe(Number.POSITIVE_INFINITY)
})

test('arguments that make no sense are told', () => {
  const names = variants.map(({ name }) => name)
  const wrong = (...args: readonly string[]) => E.getOrElse(() => 'fine')(E.swap(readOptions(args, names)))
  expect(readOptions(['--seeds', '0,2', '--only', 'paper'], names)).toMatchObject({ right: { seeds: [0, 2], only: ['paper'], docs: 'docs' } })
  expect(readOptions(['--tiny', '--out', 'x'], names)).toMatchObject({ right: { docs: 'x' } })
  expect(wrong('--seeds', '0,,1')).toContain('--seeds 0,,1')
  expect(wrong('--only', 'papre')).toContain('recommended, paper, everywhere, plain')
  expect(wrong('--threads', 'two')).toContain('--threads two')
  expect(wrong('--help')).toContain('npm run quality')
  expect(wrong('--unknown')).toContain('--unknown')
})
