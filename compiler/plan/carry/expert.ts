import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { diagnostic } from '../../../dsl/diagnostics.js'
import type { Checked, Expert, Keys, Parting, Past } from '../../../dsl/index.js'
import { pathOf } from '../../../dsl/path.js'
import { names } from '../names.js'
import { type Carry, type Carrying, begun, continued, factorOf, misfit } from './carry.js'
import type { Piece } from './step.js'

/** Neighbouring ranks of an expert of the old version. */
interface Share {
  readonly site: string
  readonly expert: string
  readonly start: number
  readonly count: number
}

type Shares = readonly Share[]

const total = (shares: readonly { readonly count: number }[]): number => shares.reduce((n, { count }) => n + count, 0)

/** Some of the ranks that shares hold together. */
const cut = (shares: Shares, start: number, count: number): Shares => {
  let before = 0
  return shares.flatMap((share): Shares => {
    const from = Math.max(start - before, 0)
    const to = Math.min(start + count - before, share.count)
    before += share.count
    return to > from ? [{ ...share, start: share.start + from, count: to - from }] : []
  })
}

/** Shares that follow each other are one. */
const joined = (shares: Shares): Shares => {
  const found: Share[] = []
  for (const share of shares) {
    const last = found.at(-1)
    const follows = last !== undefined && last.site === share.site && last.expert === share.expert && last.start + last.count === share.start
    if (follows) found[found.length - 1] = { ...last, count: last.count + share.count }
    else found.push(share)
  }
  return found
}

const scaleOf = ({ alpha, rank }: Expert): number => alpha / rank

/** What dividing and multiplying may change of a scale. */
const rounding = 1e-12

/** An expert can be shared out by its ranks, or put together of them, where they add up and each is scaled as before. */
const adds = ({ at, one, parts }: Parting): Checked<void> => {
  const ranks = parts.map(({ rank }) => rank)
  const rank = ranks.reduce((a, b) => a + b, 0)
  if (rank !== one.rank) return E.left([diagnostic('parts-other-rank', pathOf([...at, one.id]), { one: one.id, rank: one.rank, parts: ranks })])
  const others = parts.filter((part) => Math.abs(scaleOf(part) / scaleOf(one) - 1) > rounding)
  const told = (part: Expert) => ({ part: part.id, one: one.id, scale: scaleOf(one), found: scaleOf(part), alpha: scaleOf(one) * part.rank })
  return others.length === 0
    ? E.right(undefined)
    : E.left(others.map((part) => diagnostic('parts-other-scale', pathOf([...at, part.id]), told(part))))
}

/** The ranks of old experts that an expert is made of; none where it is new. */
const sharesOf = (carrying: Carrying, past: Past): Checked<Shares> => {
  switch (past.kind) {
    case 'new':
      return E.right([])
    case 'same':
      return E.right(whole(carrying, past.at))
    case 'part': {
      const { parting, index } = past
      const start = parting.parts.slice(0, index).reduce((n, { rank }) => n + rank, 0)
      return pipe(
        adds(parting),
        E.flatMap(() => sharesOf(carrying, past.of)),
        E.map((shares) => (total(shares) === parting.one.rank ? cut(shares, start, parting.parts[index]?.rank ?? 0) : shares)),
      )
    }
    case 'whole':
      return pipe(
        adds(past.parting),
        E.flatMap(() => E.traverseArray((each: Past) => sharesOf(carrying, each))(past.of)),
        E.map((shares) => joined(shares.flat())),
      )
  }
}

const whole = ({ before }: Carrying, [, site = '', , expert = '']: Keys): Shares => {
  const found = before.sites.find(({ id }) => id === site)?.experts.find(({ id }) => id === expert)
  return found === undefined ? [] : [{ site, expert, start: 0, count: found.rank }]
}

/** An expert goes on under its id, or the one that it got; as a share of the ranks of another, or as several put together. */
export const carryExpert: Carry<'expert'> = (carrying, parameter) => {
  const { owner, name, shape } = parameter
  const factor = factorOf(parameter)
  const axis = factor === 'A' ? 0 : 1
  return pipe(
    sharesOf(carrying, carrying.pastOf(['sites', owner.site, 'experts', owner.expert])),
    E.flatMap((shares) => {
      const pieces = shares.map(({ site, expert, start, count }): Piece => {
        const of = { kind: 'expert', site, expert } as const
        return { from: names.expert(site, expert, factor), of, axis, start, count }
      })
      const [first, ...more] = pieces
      if (first === undefined) return begun(carrying, parameter)
      if (more.length === 0 && first.count === carrying.old.get(first.from)?.shape[axis]) return continued(carrying, parameter, first.from)
      const across = pieces.map(({ from }) => carrying.old.get(from)?.shape[1 - axis] ?? 0)
      const odd = across.find((n) => n !== shape[1 - axis])
      const found = axis === 0 ? [total(pieces), odd ?? across[0] ?? 0] : [odd ?? across[0] ?? 0, total(pieces)]
      if (odd !== undefined || total(pieces) !== shape[axis]) return misfit(carrying, parameter, found)
      return E.right({ kind: more.length === 0 ? 'slice' : 'join', name, shape, owner, because: carrying.behind(name), pieces })
    }),
  )
}
