import * as E from 'fp-ts/lib/Either.js'
import type { Past, Router } from '../../../dsl/index.js'
import { names } from '../names.js'
import { type Carry, begun, continued, misfit } from './carry.js'

/** The experts of the old version that an expert was, is a part of, or is made of. */
const experts = (past: Past): readonly string[] => {
  switch (past.kind) {
    case 'new':
      return []
    case 'same':
      return [past.at.at(-1) ?? '']
    case 'part':
      return experts(past.of)
    case 'whole':
      return past.of.flatMap(experts)
  }
}

/** The rows of a router's old weight that each of its rows now is the mean of. */
const rowsOf = ({ sees }: Router, before: Router, pastOf: (expert: string) => Past): readonly (readonly number[])[] =>
  sees.map((expert) => [...new Set(experts(pastOf(expert)).map((id) => before.sees.indexOf(id)))].filter((row) => row >= 0))

/** A router goes on row by row, as its experts do, wherever they stand in it now. */
export const carryRouter: Carry<'router'> = (carrying, parameter) => {
  const { name, shape, owner } = parameter
  const { site, task } = owner
  const here = ['sites', site, 'routers', task]
  const past = carrying.pastOf(here)
  const [, oldSite = '', , oldTask = ''] = past.kind === 'same' ? past.at : []
  const routerIn = (model: typeof carrying.after, at: string, of: string): Router | undefined =>
    model.sites.find(({ id }) => id === at)?.routers.find((router) => router.task === of)
  const [before, after] = [routerIn(carrying.before, oldSite, oldTask), routerIn(carrying.after, site, task)]
  if (before === undefined || after === undefined) return begun(carrying, parameter)
  const from = names.router(oldSite, oldTask)
  const rows = rowsOf(after, before, (expert) => carrying.pastOf(['sites', site, 'experts', expert]))
  const asBefore = rows.length === before.sees.length && rows.every(([row, ...more], i) => row === i && more.length === 0)
  if (asBefore) return continued(carrying, parameter, from)
  const width = carrying.old.get(from)?.shape[1]
  if (width === undefined || width !== shape[1]) return misfit(carrying, parameter, [before.sees.length, width ?? 0])
  return E.right({ kind: 'rows', name, shape, owner, because: carrying.behind(name, here), from, rows })
}
