import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { pathOf } from '../path.js'
import type { Gate, ModelSpec, Site } from '../spec/index.js'

/** Ids for what a task adds to a site: the first free ones of `<stem>.0`, `<stem>.1` ... */
export const freeIds = (site: Site, stem: string, count: number): readonly string[] => {
  const taken = new Set(site.experts.map(({ id }) => id))
  return Array.from({ length: taken.size + count }, (_, n) => `${stem}.${n}`)
    .filter((id) => !taken.has(id))
    .slice(0, count)
}

/** A policy's gate over the experts that a router really sees: it cannot keep more than there are. */
export const gateOver = (gate: Gate, seen: number): Gate => (gate.kind === 'top-k' ? { ...gate, k: Math.min(gate.k, seen) } : gate)

/** What a spec must be to learn a new task: without that task, and without probes. */
export const readyFor = (task: string, spec: ModelSpec): Checked<ModelSpec> => {
  const probes = spec.sites.flatMap(({ id, experts }) => experts.filter(({ probe }) => probe).map((expert) => `${id}/${expert.id}`))
  const wrong = [
    ...(spec.tasks.some(({ id }) => id === task) ? [diagnostic('task-exists', pathOf(['tasks', task]), { task })] : []),
    ...(probes.length > 0 ? [diagnostic('probes-left', pathOf(['sites']), { experts: probes })] : []),
  ]
  return wrong.length > 0 ? E.left(wrong) : E.right(spec)
}
