import { type Decoder, type Expert, type Site, linearSize, parseSite } from '../../dsl/index.js'
import { names } from './names.js'
import type { Fresh, Initial, Parameter } from './parameter.js'

/** A and B of every expert at a site. A fresh pair adds nothing at first: B is zero (LoRA; PEFT's start for A is Kaiming's uniform, ±1/√in). */
export const expertParameters = (decoder: Decoder, site: Site): readonly Parameter[] => {
  const size = linearSize(decoder, parseSite(site.id).linear)
  return site.experts.flatMap((expert) => {
    const owner = { kind: 'expert', site: site.id, expert: expert.id } as const
    return [
      { name: names.expert(site.id, expert.id, 'A'), shape: [expert.rank, size.in], owner, initial: start(site, expert, 'A', size.in) },
      { name: names.expert(site.id, expert.id, 'B'), shape: [size.out, expert.rank], owner, initial: start(site, expert, 'B', size.in) },
    ]
  })
}

/** How a factor starts that is a copy of none, beside a layer with so many inputs. */
export const freshFactor = (factor: 'A' | 'B', inputs: number): Fresh =>
  factor === 'A' ? { kind: 'uniform', bound: inputs ** -0.5 } : { kind: 'zeros' }

const start = (site: Site, { origin }: Expert, factor: 'A' | 'B', inputs: number): Initial =>
  origin.kind === 'copy' ? { kind: 'copy', of: names.expert(site.id, origin.of, factor) } : freshFactor(factor, inputs)

/** One row for every expert that a router sees; zero, so that it starts by mixing them evenly. */
export const routerParameters = (decoder: Decoder, site: Site): readonly Parameter[] => {
  const size = linearSize(decoder, parseSite(site.id).linear)
  return site.routers.map(({ task, sees }) => ({
    name: names.router(site.id, task),
    shape: [sees.length, size.in],
    owner: { kind: 'router', site: site.id, task },
    initial: { kind: 'zeros' },
  }))
}
