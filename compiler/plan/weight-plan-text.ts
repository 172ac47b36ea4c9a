import { groups } from '../../dsl/groups.js'
import { match } from '../../dsl/match.js'
import { sitesText } from '../../dsl/site-ranges.js'
import { plural } from '../../dsl/wording.js'
import { bytes, count } from '../figures.js'
import { size } from '../shape.js'
import { anyLayer } from './carry/pattern.js'
import type { Piece, WeightStep } from './carry/step.js'
import type { Fresh, Owner } from './parameter.js'
import type { WeightPlan } from './weight-plan.js'

type Kind = WeightStep['kind']

/** Every kind of step in the order in which they are told, and what was done in a word. */
const words: Readonly<Record<Kind, string>> = {
  keep: 'keep',
  rename: 'rename',
  copy: 'copy',
  rows: 'take rows',
  slice: 'slice',
  join: 'join',
  initialise: 'initialise',
  drop: 'drop',
}

const kinds = Object.keys(words) as readonly Kind[]

/** Whose tensor it is, apart from the site. */
const ownerText: (owner: Owner) => string = match<Owner, string>({
  base: ({ part }) => part,
  expert: ({ expert }) => `expert ${expert}`,
  router: ({ task }) => `router of ${task}`,
  locator: ({ task }) => `locator of ${task}`,
})

const siteOf = (owner: Owner): string | undefined => ('site' in owner ? owner.site : undefined)

const freshText: (initial: Fresh) => string = match<Fresh, string>({
  zeros: () => 'zeros',
  ones: () => 'ones',
  normal: ({ deviation }) => `normal, deviation ${Number(deviation.toPrecision(3))}`,
  uniform: ({ bound }) => `uniform within ${Number(bound.toPrecision(3))}`,
})

const span = (start: number, n: number): string => (n === 1 ? String(start) : `${start}-${start + n - 1}`)

const pieceText = ({ of, axis, start, count: n }: Piece): string =>
  `${axis === 0 ? 'row' : 'column'}${n === 1 ? '' : 's'} ${span(start, n)} of ${ownerText(of)}`

const rowText = (rows: readonly number[]): string =>
  rows.length === 0 ? 'new' : rows.length === 1 ? String(rows[0]) : `the mean of ${rows.join(' and ')}`

/** What a step does beyond its kind. */
const detail: (step: WeightStep) => string = match<WeightStep, string>({
  keep: () => '',
  rename: ({ was, owner }) => `was ${ownerText(was)}${siteOf(was) === siteOf(owner) ? '' : ` at ${siteOf(was) ?? ''}`}`,
  copy: ({ of }) => `of ${of.owner.kind === 'base' ? of.name : ownerText(of.owner)}`,
  rows: ({ rows }) => `rows ${rows.map(rowText).join(', ')}`,
  slice: ({ pieces }) => pieces.map(pieceText).join(' and '),
  join: ({ pieces }) => pieces.map(pieceText).join(' and '),
  initialise: ({ initial }) => freshText(initial),
  drop: ({ piece }) => (piece === null ? '' : pieceText(piece)),
})

/** A tensor's name without what the owner says of it already. */
const within = ({ name, owner }: WeightStep): string =>
  match<Owner, string>({
    base: () => anyLayer(name),
    expert: ({ site, expert }) => name.slice(`experts.${site}.${expert}.`.length).replace('.weight', ''),
    router: () => '',
    locator: ({ task }) => name.slice(`locator.${task}.`.length),
  })(owner)

const bytesOf = (steps: readonly WeightStep[]): string => bytes(steps.reduce((n, { shape }) => n + 4 * size(shape), 0))

const many = (steps: readonly WeightStep[]): string => `${plural(steps.length, 'tensor', count(steps.length))} (${bytesOf(steps)})`

const tensorText = (step: WeightStep): string => [within(step), `[${step.shape.join(', ')}]`, detail(step)].filter((word) => word !== '').join(' ')

/** Tensors of an owner that are worth naming each. */
const few = 4

/** The tensors of one owner, those of all layers as one, or only what is done where they are many. */
const tensorTexts = (steps: readonly WeightStep[]): readonly string[] => {
  const texts = [...new Set(steps.map(tensorText))]
  return texts.length <= few ? texts : [...new Set(steps.map(detail))].filter((word) => word !== '')
}

/** Whether what is behind a step is worth saying: not where the step itself says it, as a rename does. */
const tells: Readonly<Record<Kind, boolean>> = {
  keep: false,
  rename: false,
  copy: true,
  rows: true,
  slice: false,
  join: false,
  initialise: true,
  drop: true,
}

/** What is behind steps: `+` and `-` tell that the owner came or went, which is plain. */
const behind = ([step]: readonly WeightStep[]): readonly string[] =>
  step === undefined || !tells[step.kind]
    ? []
    : step.because.filter((text) => !/^[+-] /u.test(text)).map((text) => text.replace(` at ${siteOf(step.owner) ?? ''}`, ''))

/** Tensors of an owner at one site, and what is said of them. */
interface Told {
  readonly steps: readonly WeightStep[]
  readonly owner: string
  readonly site: string | undefined
  readonly text: string
}

const told = (steps: readonly WeightStep[]): readonly Told[] => {
  const [first] = steps
  return first === undefined
    ? []
    : [{ steps, owner: ownerText(first.owner), site: siteOf(first.owner), text: [...tensorTexts(steps), ...behind(steps)].join('; ') }]
}

/** Owners of which the same is said at many sites, told once. */
const lines = (steps: readonly WeightStep[]): readonly string[] => {
  const owners = [...groups(steps, ({ owner }) => JSON.stringify(owner)).values()].flatMap(told)
  return [...groups(owners, ({ owner, text }) => `${owner}\n${text}`).values()].flatMap((all) => {
    const [first] = all
    if (first === undefined) return []
    const sites = all.flatMap(({ site }) => (site === undefined ? [] : [site]))
    const who = `${first.owner}${sites.length === 0 ? '' : ` at ${sitesText(sites)}`}`
    return [`  ${who}: ${many(all.flatMap((each) => each.steps))}${first.text === '' ? '' : `: ${first.text}`}`]
  })
}

/** A plan for people: what is kept as a sum, all else owner by owner, with what is behind it. */
export const showWeightPlan = ({ steps }: WeightPlan): string =>
  kinds
    .flatMap((kind) => {
      const all = steps.filter((step) => step.kind === kind)
      if (all.length === 0) return []
      return [`${words[kind]} ${many(all)}${kind === 'keep' ? '' : ':'}`, ...(kind === 'keep' ? [] : lines(all))]
    })
    .join('\n')
