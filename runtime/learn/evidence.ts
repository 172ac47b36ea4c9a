import { evidenceProgram } from '../../compiler/phases/train.js'
import { type Tensor, outputOf } from '../../compiler/targets/device.js'
import type { Evidence, KnockOut, ModelSpec, PolicySpec, Site } from '../../dsl/index.js'
import { argmax } from '../argmax.js'
import { type Padding, paddingOf, predictions, trainingInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Engine, type Programs, batchOptions, withPrograms } from '../engine.js'
import { step } from '../progress.js'

/** Samples in a measuring batch. */
const batch = 32

/** Passes over the held-out samples that the evidence of so many sites takes. */
export const passesOf = (sites: number): number => 1 + (sites * (sites + 1)) / 2

/** Everything that held-out samples say about the probes of a task: how often each expert was first choice, and what each site's probes are worth. */
export const measure = async (engine: Engine, model: ModelSpec, policy: PolicySpec, task: string, samples: readonly Encoded[]): Promise<Evidence> =>
  withPrograms(engine.device, async (programs) => {
    const sites = model.sites.filter((site) => site.routers.some((router) => router.task === task))
    let passes = 0
    const pass = async (off: ReadonlySet<string>): Promise<Pass> => {
      const made = await heldOutPass(engine, model, programs, sites, task, samples, off)
      engine.report(step(++passes))
      return made
    }
    const whole = await pass(new Set())
    const knockOuts = await oneAfterAnother(
      sites.map(({ id }) => id),
      async (off) => gain(whole.losses, (await pass(off)).losses),
    )
    return {
      format: 'cmoe/evidence/1',
      task,
      policy: policy.name,
      samples: samples.length,
      sites: sites.map((site) => ({
        site: site.id,
        experts: seenExperts(site, task).map(({ id, probe }, column) => ({ expert: id, probe, frequency: whole.frequency(site.id, column) })),
        knockOut: knockOuts.get(site.id) ?? null,
      })),
      total: [...knockOuts.values()].at(-1) ?? null,
    }
  })

/**
 * What each site's probes are worth, in the order in which they were taken away: of those that are left, the one that is missed least goes first, and stays
 * away. The last rise is that of all together. Sites can stand in for one another, so that none is missed when it alone is gone; backward elimination tells
 * how few of them would do.
 */
export const oneAfterAnother = async (
  sites: readonly string[],
  rise: (off: ReadonlySet<string>) => Promise<KnockOut>,
): Promise<ReadonlyMap<string, KnockOut>> => {
  const gone = new Map<string, KnockOut>()
  while (gone.size < sites.length) {
    const left: { readonly site: string; readonly rise: KnockOut }[] = []
    for (const site of sites) if (!gone.has(site)) left.push({ site, rise: await rise(new Set([...gone.keys(), site])) })
    const least = left.reduce((best, each) => (each.rise.gain < best.rise.gain ? each : best))
    gone.set(least.site, least.rise)
  }
  return gone
}

interface Pass {
  /** Mean loss over the answer of each sample. */
  readonly losses: readonly number[]
  readonly frequency: (site: string, column: number) => { readonly all: number; readonly answers: number }
}

/** Experts in the order of the columns of the program's gates. */
const seenExperts = (site: Site, task: string) => {
  const sees = site.routers.find((router) => router.task === task)?.sees ?? []
  return site.experts.filter(({ id }) => sees.includes(id))
}

/** The mean rise of the held-out loss per sample, and its standard error (the samples are paired). */
export const gain = (withProbes: readonly number[], withoutProbes: readonly number[]): KnockOut => {
  const rises = withProbes.map((loss, i) => (withoutProbes[i] ?? loss) - loss)
  const mean = rises.reduce((a, b) => a + b, 0) / rises.length
  const variance = rises.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, rises.length - 1)
  return { gain: mean, standardError: Math.sqrt(variance / rises.length) }
}

/** One pass over the held-out samples, with the probes of the sites in `off` gated off. */
const heldOutPass = async (
  engine: Engine,
  model: ModelSpec,
  programs: Programs,
  sites: readonly Site[],
  task: string,
  samples: readonly Encoded[],
  off: ReadonlySet<string>,
): Promise<Pass> => {
  const switches = Object.fromEntries(sites.map((site) => [`switch.${site.id}`, switchOf(site, task, off)]))
  const losses: number[] = []
  const counts = new Map<string, FirstChoices>()
  for (let at = 0; at < samples.length; at += batch) {
    const part = samples.slice(at, at + batch)
    const padding = paddingOf(part, batch)
    const executable = programs.get(`${padding.length} ${padding.supervised}`, () => evidenceProgram(model, { ...padding, pictures: batch }, task))
    const inputs = trainingInputs(batchOptions(engine, model, 0), padding, part)
    const outputs = await executable.run({ ...inputs, ...switches })
    losses.push(...sampleLosses(part, outputOf(outputs, 'losses')))
    for (const { id } of sites) counts.set(id, counted(counts.get(id), part, padding, outputOf(outputs, `gates.${id}`)))
  }
  return {
    losses,
    frequency: (site, column) => {
      const { all, answers } = counts.get(site) ?? { all: [], answers: [] }
      return { all: share(all, column), answers: share(answers, column) }
    },
  }
}

const switchOf = (site: Site, task: string, off: ReadonlySet<string>): Tensor => {
  const experts = seenExperts(site, task)
  return { shape: [experts.length], data: Float32Array.from(experts, ({ probe }) => (probe && off.has(site.id) ? 0 : 1)) }
}

const sampleLosses = (samples: readonly Encoded[], losses: Tensor): readonly number[] => {
  let at = 0
  return samples.map((sample) => {
    const n = predictions(sample).length
    const sum = Array.from(losses.data.subarray(at, at + n)).reduce((a, b) => a + b, 0)
    at += n
    return sum / n
  })
}

/** How often each expert had the greatest gate. */
interface FirstChoices {
  readonly all: readonly number[]
  readonly answers: readonly number[]
}

const counted = (before: FirstChoices | undefined, samples: readonly Encoded[], { length }: Padding, gates: Tensor): FirstChoices => {
  const [, experts = 0] = gates.shape
  const [all, answers] = [[...(before?.all ?? zeros(experts))], [...(before?.answers ?? zeros(experts))]]
  samples.forEach((sample, i) => {
    const first = (t: number) => argmax(gates.data.subarray((i * length + t) * experts, (i * length + t + 1) * experts))
    const count = (into: number[], t: number) => {
      const column = first(t)
      into[column] = (into[column] ?? 0) + 1
    }
    for (let t = 0; t < sample.ids.length - 1; t++) count(all, t)
    for (const t of predictions(sample)) count(answers, t - 1)
  })
  return { all, answers }
}

const share = (counts: readonly number[], column: number): number =>
  (counts[column] ?? 0) /
  Math.max(
    1,
    counts.reduce((a, b) => a + b, 0),
  )

const zeros = (n: number): readonly number[] => Array.from({ length: n }, () => 0)
