import type {
  BaseWeights,
  Connector,
  Count,
  Criterion,
  Decision,
  Decoder,
  Evidence,
  ExperimentSpec,
  Expert,
  ExpertEvidence,
  Frequency,
  Gate,
  GrowthPlan,
  Init,
  KnockOut,
  Locator,
  LocatorTraining,
  Lora,
  ModelSpec,
  Origin,
  PlannedRouter,
  PolicySpec,
  Probe,
  Rope,
  RopeScaling,
  Router,
  Schedule,
  Site,
  SiteEvidence,
  StreamReference,
  StudySpec,
  Task,
  Threshold,
  TrainingSpec,
  Vision,
} from './spec/index.js'

/** Every kind of node that specs are made of. */
export interface Nodes {
  readonly model: ModelSpec
  readonly vision: Vision
  readonly connector: Connector
  readonly decoder: Decoder
  readonly rope: Rope
  readonly scaling: RopeScaling
  readonly task: Task
  readonly site: Site
  readonly expert: Expert
  readonly origin: Origin
  readonly router: Router
  readonly gate: Gate
  readonly locator: Locator
  readonly fitting: LocatorTraining
  readonly policy: PolicySpec
  readonly probe: Probe
  readonly criterion: Criterion
  readonly threshold: Threshold
  readonly count: Count
  readonly lora: Lora
  readonly init: Init
  readonly evidence: Evidence
  readonly 'site-evidence': SiteEvidence
  readonly 'expert-evidence': ExpertEvidence
  readonly frequency: Frequency
  readonly 'knock-out': KnockOut
  readonly plan: GrowthPlan
  readonly decision: Decision
  readonly 'planned-router': PlannedRouter
  readonly training: TrainingSpec
  readonly schedule: Schedule
  readonly experiment: ExperimentSpec
  readonly weights: BaseWeights
  readonly stream: StreamReference
  readonly study: StudySpec
}

/** The name of a kind of node. */
export type NodeKind = keyof Nodes

/** A child, or a list of children that are told apart by one of their fields: never by their index. */
export type Child = { readonly kind: NodeKind; readonly key: null } | { readonly kind: NodeKind; readonly key: string }

/** The names of a node's fields, of whichever of its kinds. */
export type FieldsOf<N> = N extends unknown ? Extract<keyof N, string> : never

type Table = { readonly [K in NodeKind]: { readonly [F in FieldsOf<Nodes[K]>]?: Child } }

const one = (kind: NodeKind): Child => ({ kind, key: null })

const many = <K extends NodeKind>(kind: K, key: FieldsOf<Nodes[K]>): Child => ({ kind, key })

/** The children of every kind of node; all other fields are plain values. Walking, selecting, diffing and printing derive from this table. */
const table: Table = {
  model: {
    vision: one('vision'),
    connector: one('connector'),
    decoder: one('decoder'),
    tasks: many('task', 'id'),
    sites: many('site', 'id'),
    locator: one('locator'),
  },
  vision: {},
  connector: {},
  decoder: { rope: one('rope') },
  rope: { scaling: one('scaling') },
  scaling: {},
  task: {},
  site: { experts: many('expert', 'id'), routers: many('router', 'task') },
  expert: { origin: one('origin') },
  origin: {},
  router: { gate: one('gate') },
  gate: {},
  locator: { train: one('fitting') },
  fitting: {},
  policy: { probe: one('probe'), criterion: one('criterion'), count: one('count'), expert: one('lora'), init: one('init'), gate: one('gate') },
  probe: {},
  criterion: { above: one('threshold') },
  threshold: {},
  count: {},
  lora: {},
  init: {},
  evidence: { sites: many('site-evidence', 'site'), total: one('knock-out') },
  'site-evidence': { experts: many('expert-evidence', 'expert'), knockOut: one('knock-out') },
  'expert-evidence': { frequency: one('frequency') },
  frequency: {},
  'knock-out': {},
  plan: { criterion: one('criterion'), decisions: many('decision', 'site'), routers: many('planned-router', 'site') },
  decision: {},
  'planned-router': { router: one('router') },
  training: { schedule: one('schedule') },
  schedule: {},
  experiment: {
    model: one('model'),
    weights: one('weights'),
    policy: one('policy'),
    stream: one('stream'),
    training: one('training'),
  },
  weights: {},
  study: { base: one('experiment') },
  stream: {},
}

const rows: { readonly [K in NodeKind]: Readonly<Record<string, Child>> } = table

/** Every kind of node there is. */
export const nodeKinds = Object.keys(table) as readonly NodeKind[]

/** The child under a field of a kind of node; nothing where the field is a plain value. */
export const childOf = (kind: NodeKind, field: string): Child | undefined => (Object.hasOwn(rows[kind], field) ? rows[kind][field] : undefined)

/** The fields of a kind of node that hold children. */
export const childrenOf = (kind: NodeKind): readonly (readonly [string, Child])[] => Object.entries(rows[kind])

const keys: ReadonlyMap<NodeKind, string> = new Map(
  Object.values(rows)
    .flatMap((row) => Object.values(row))
    .flatMap(({ kind, key }) => (key === null ? [] : [[kind, key] as const])),
)

/** By which field nodes of a kind are told apart where they stand in a list; nothing for kinds that never do. */
export const keyOf = (kind: NodeKind): string | undefined => keys.get(kind)
