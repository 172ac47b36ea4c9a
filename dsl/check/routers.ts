import { diagnostic } from '../diagnostics.js'
import { type Path, at } from '../path.js'
import type { Router } from '../spec/index.js'
import { type Rule, type SiteRule, everySite, unless } from './rule.js'
import { unique } from './unique.js'

const pathOfRouter = (path: Path, { task }: Router): Path => at(at(path, 'routers'), task)

const tasksExist: SiteRule = ({ routers }, model, path) => {
  const tasks = model.tasks.map(({ id }) => id)
  return routers.flatMap((router) =>
    unless(tasks.includes(router.task), () => diagnostic('unknown-task', pathOfRouter(path, router), { task: router.task, tasks })),
  )
}

/** A router mixes experts of its own site only, and each of them once. */
const routersSeeTheirSite: SiteRule = (site, _model, path) => {
  const experts = site.experts.map(({ id }) => id)
  return site.routers.flatMap((router) => {
    const here = at(pathOfRouter(path, router), 'sees')
    const absent = router.sees.filter((expert) => !experts.includes(expert))
    return [...absent.map((expert) => diagnostic('expert-not-at-site', here, { expert, experts })), ...unique(router.sees, here)]
  })
}

const routersSeeSomething: SiteRule = ({ routers }, _model, path) =>
  routers.flatMap((router) => unless(router.sees.length > 0, () => diagnostic('sees-nothing', pathOfRouter(path, router), { task: router.task })))

/** What stays cannot lean on what goes. */
const permanentRoutersSeeNoProbe: SiteRule = ({ experts, routers }, _model, path) => {
  const probes = new Set(experts.filter(({ probe }) => probe).map(({ id }) => id))
  return routers
    .filter(({ probe }) => !probe)
    .flatMap((router) =>
      router.sees.filter((expert) => probes.has(expert)).map((expert) => diagnostic('sees-probe', pathOfRouter(path, router), { expert })),
    )
}

/** A gate cannot keep more experts than its router sees. */
const gatesKeepWhatIsSeen: SiteRule = ({ routers }, _model, path) =>
  routers.flatMap((router) => {
    const { gate, sees } = router
    return gate.kind === 'top-k'
      ? unless(gate.k <= sees.length, () =>
          diagnostic('top-k-too-large', at(pathOfRouter(path, router), 'gate'), { k: gate.k, experts: sees.length }),
        )
      : []
  })

export const routerRules: readonly Rule[] = [
  tasksExist,
  routersSeeTheirSite,
  routersSeeSomething,
  permanentRoutersSeeNoProbe,
  gatesKeepWhatIsSeen,
].map(everySite)
