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

/** Everything that held-out samples say about the probes of a task: how often each expert was first choice, and what each site's probes are worth. */
export const measure = async (engine: Engine, model: ModelSpec, policy: PolicySpec, task: string, samples: readonly Encoded[]): Promise<Evidence> =>
  withPrograms(engine.device, async (programs) => {
    const sites = model.sites.filter((site) => site.routers.some((router) => router.task === task))
    const pass = (off: ReadonlySet<string>) => heldOutPass(engine, model, programs, sites, task, samples, off)
    const whole = await pass(new Set())
    engine.report(step(1))
    const without: Pass[] = []
    for (const site of sites) {
      without.push(await pass(new Set([site.id])))
      engine.report(step(without.length + 1))
    }
    const none = await pass(new Set(sites.map(({ id }) => id)))
    engine.report(step(without.length + 2))
    return {
      format: 'cmoe/evidence/1',
      task,
      policy: policy.name,
      samples: samples.length,
      sites: sites.map((site, i) => ({
        site: site.id,
        experts: seenExperts(site, task).map(({ id, probe }, column) => ({ expert: id, probe, frequency: whole.frequency(site.id, column) })),
        knockOut: gain(whole.losses, without[i]?.losses ?? []),
      })),
      total: gain(whole.losses, none.losses),
    }
  })

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
