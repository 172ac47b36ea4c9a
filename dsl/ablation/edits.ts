import { pipe } from 'fp-ts/lib/function.js'
import { match } from '../match.js'
import { having, is, one } from '../select/build.js'
import { type Linear, bySite, siteOf } from '../sites.js'
import type { Criterion, Edit, Gate, Init, Knob, Locator, ModelSpec, PolicySpec } from '../spec/index.js'
import { criterionText, gateText } from '../wording.js'
import { named, set, turn, turns } from './edit.js'

const [lora, probe, policy] = [one('lora'), one('probe'), one('policy')]

/** The rank of experts and probes, with alpha twice as large: a copy fits where both have one rank. */
export const rankKnob: Knob = {
  name: 'rank',
  least: 1,
  most: 256,
  turns: [turns(lora, 'rank'), turns(lora, 'alpha', 2), turns(probe, 'rank'), turns(probe, 'alpha', 2)],
}

export const rank = turn(rankKnob)

/** The width inside each task's VAE. */
export const locatorKnob: Knob = {
  name: 'locator hidden',
  least: 1,
  most: 4096,
  turns: [turns(pipe(one('locator'), having('kind', is('vae'))), 'hidden')],
}

export const locatorHidden = turn(locatorKnob)

/** Probe experts at each site. */
export const probes = (n: number): Edit => named(`probes = ${n}`, [set(probe, 'experts', n)])

/** The share of a task's data that probing looks at. */
export const probeShare = (share: number): Edit => named(`probe data = ${share}`, [set(probe, 'share', share)])

/** Weight of the load-balancing loss, of probing and of training. */
export const balance = (weight: number): Edit =>
  named(`balance = ${weight}`, [set(probe, 'balance', weight), set(one('training'), 'balance', weight)])

/** How many deviations below the mean the threshold of the paper's criterion lies. */
export const threshold = (alpha: number): Edit =>
  named(`criterion threshold alpha = ${alpha}`, [set(pipe(one('threshold'), having('kind', is('mean-minus-std'))), 'alpha', alpha)])

/** Where a policy grows. */
export const criterion = (to: Criterion): Edit => named(`grow ${criterionText(to)}`, [set(policy, 'criterion', to)])

const initText = match<Init, string>({ copy: ({ of }) => `copy of the ${of.replace('-', ' ')}`, fresh: () => 'fresh' })

/** What new experts start from. */
export const initialise = (init: Init): Edit => named(`initialise = ${initText(init)}`, [set(policy, 'init', init)])

/** How new routers mix. */
export const gate = (to: Gate): Edit => named(`gate = ${gateText(to)}`, [set(policy, 'gate', to)])

/** Another policy altogether. */
export const grownBy = (to: PolicySpec): Edit => named(`policy ${to.name}`, [set(one('experiment'), 'policy', to)])

/** Nobody guesses the task: it is named (an oracle). */
export const locatorOff: Edit = named('locator off', [set(one('model'), 'locator', null)])

/** Whether each task's VAE standardises its scores, as published. */
export const zScored = (zScore: boolean): Edit =>
  named(`locator ${zScore ? '' : 'not '}z-scored`, [set(pipe(one('locator'), having('kind', is('vae'))), 'zScore', zScore)])

const locatorName = match<Locator, string>({
  vae: ({ zScore, hidden, latent }) => `VAE ${hidden} to ${latent}${zScore ? ', z-scored' : ''}`,
  gaussian: () => 'Gaussian',
})

/** Another locator. */
export const locator = (to: Locator): Edit => named(`locator = ${locatorName(to)}`, [set(one('model'), 'locator', to)])

/** Experts may grow beside these linears of every block of a model that has none yet. */
export const expertsAt =
  ({ decoder }: ModelSpec) =>
  (...linears: readonly Linear[]): Edit => {
    const ids = Array.from({ length: decoder.layers }, (_, layer) => linears.map((linear) => siteOf(layer, linear))).flat()
    return named(`experts at ${linears.join(' and ')}`, [
      set(
        one('model'),
        'sites',
        ids.toSorted(bySite).map((id) => ({ id, experts: [], routers: [] })),
      ),
    ])
  }
