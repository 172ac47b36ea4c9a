import type { Metrics, Scores } from '../../runtime/metrics.js'
import type { ReportData, ReportSample, SiteGrowth, TaskGrowth } from '../../runtime/report/index.js'

const tasks = ['scienceqa', 'textvqa', 'imagenet', 'gqa', 'vizwiz', 'grounding', 'vqav2', 'ocrvqa']

const learnt = [58.5, 96, 64.5, 61, 72.5, 52, 66.5, 98.5]

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** A run whose accuracy on a task falls by a factor per further task. */
const fading = (factor: number): Scores => {
  const matrix = tasks.map((_, k) => learnt.map((value, i) => (i > k ? null : Math.round(2 * value * factor ** (k - i)) / 2)))
  const rows = matrix.map((row) => row.filter((value) => value !== null))
  const diagonal = rows.map((row) => row.at(-1) ?? 0)
  const end = rows.at(-1) ?? []
  const lost = mean(end.map((value, i) => value - (diagonal[i] ?? 0)))
  return {
    matrix,
    last: mean(end),
    mft: mean(diagonal),
    maa: mean(rows.map(mean)),
    bwt: { overT: lost, overTMinus1: (lost * tasks.length) / (tasks.length - 1) },
  }
}

const confusion = tasks.map((_, row) => tasks.map((_, column) => (row === column ? 170 + ((row * 7) % 30) : (row * 5 + column * 3) % 5)))

export const metrics: Metrics = {
  tasks,
  ...fading(0.996),
  oracle: fading(1),
  zeroShot: { matrix: [[0, 1.5, 0, 0.5, 0, 0, 2, 0]], last: 0.5 },
  joint: { matrix: [[55, 94, 66, 59, 70, 50.5, 68, 97]], last: 69.9375 },
  baselines: { 'sequential LoRA': fading(0.72) },
  locator: {
    accuracy: 92.4,
    confusion,
    rivals: { 'text only': { accuracy: 81.2, confusion: confusion.map((row, i) => row.map((value, j) => (i === j ? value - 20 : value + 3))) } },
  },
  parameters: { base: 1_382_400, initial: 0, added: [20_480, 11_264, 14_336, 16_384, 12_288, 15_360, 9_216, 5_120] },
  seconds: { train: 131.2, probe: 41.7, evaluate: 60.4, locate: 12.5, baseline: 95.1, features: 33.3, 'zero-shot': 8.8, report: 0.4 },
}

const sites = ['decoder.0.ffn.up', 'decoder.1.ffn.up', 'decoder.2.ffn.up', 'decoder.3.ffn.up']

const site =
  (task: string, k: number) =>
  (name: string, layer: number): SiteGrowth => {
    const value = 0.02 + (((k + 1) * (layer + 2) * 37) % 50) / 100 - 0.05
    const error = 0.012 + layer / 300
    return { site: name, value, threshold: 2 * error, error, added: value > 2 * error ? [`${task}.${layer}`] : [] }
  }

const growth: readonly TaskGrowth[] = tasks.map((task, k) => ({
  task,
  rule: 'knock-out gain above two standard errors',
  sites: sites.map(site(task, k)),
}))

/** A picture of 16 by 16 pixels as an uncompressed bitmap: nothing is needed to write one. */
const picture = (seed: number): string => {
  const side = 16
  const bytes = Buffer.alloc(54 + side * side * 3)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(side, 18)
  bytes.writeInt32LE(side, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  for (let at = 0; at < side * side; at += 1) {
    const inside = Math.hypot((at % side) - 8, Math.floor(at / side) - 5 - (seed % 5)) < 4 + (seed % 3)
    bytes.set(inside ? [(seed * 83) % 256, (seed * 47) % 256, (seed * 139) % 256] : [220, 225, 228], 54 + at * 3)
  }
  return `data:image/bmp;base64,${bytes.toString('base64')}`
}

const asked: Readonly<Record<string, readonly [string, string, string]>> = {
  scienceqa: [
    "What is the dog ?\nA . an animal\nB . a food\nC . a vehicle\nAnswer with the option's letter from the given choices directly.",
    'A',
    'A',
  ],
  textvqa: ['what does the sign say ?\nAnswer the question using a single word or phrase.', 'open', 'open'],
  imagenet: ['what is the product in the photo ?\nAnswer the question using a single word or phrase.', 'ankle boot', 'sneaker'],
  gqa: ['what is left of the tree ?\nAnswer the question using a single word or phrase.', 'house', 'house'],
  vizwiz: ['what is this ?\nAnswer the question using a single word or phrase.', 'unanswerable', 'unanswerable'],
  grounding: [
    'Please provide the bounding box coordinate of the region this sentence describes: the red circle',
    '[0.13,0.25,0.38,0.50]',
    '[0.13,0.25,0.38,0.50]',
  ],
  vqav2: ['how many <b>stars</b> are there ?\nAnswer the question using a single word or phrase.', '3', '<script>alert("4")</script>'],
  ocrvqa: ['who wrote this book ?\nAnswer the question using a single word or phrase.', "o'neill & sons", ''],
}

const sample =
  (task: string, k: number) =>
  (n: number): ReportSample => {
    const [question, expected, answer] = asked[task] ?? ['', '', '']
    return {
      task,
      image: task === 'scienceqa' && n === 1 ? null : picture(k * 3 + n),
      question,
      expected,
      answer,
      correct: expected === answer,
      located: n === 2 && task === 'gqa' ? 'vqav2' : task,
      experts: sites.slice(n % 2, 3).map((name) => ({ site: name, own: n === 1 ? [] : [`${task}.0`], older: k })),
    }
  }

const hash = (seed: number): string => Array.from({ length: 64 }, (_, i) => ((i * 7 + seed * 13) % 16).toString(16)).join('')

/** A run as it may look: eight tasks, evidence, samples, and text that tries to break out of the page. */
export const fixture: ReportData = {
  name: 'MiniCoIN with PGKE and PTL',
  metrics,
  growth,
  samples: tasks.flatMap((task, k) => [0, 1, 2].map(sample(task, k))),
  provenance: {
    policy: 'recommended',
    backend: 'wasm (2 threads, SIMD), self-test passed',
    seed: 0,
    hashes: Object.fromEntries([['experiment', hash(0)], ...tasks.map((task, k) => [`version ${task}`, hash(k + 1)])]),
    versions: { cmoe: '0.1.0', node: '20.20.2' },
  },
}
