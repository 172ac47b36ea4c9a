import type { ModelSpec } from '../dsl/index.js'
import { lowerConnector, visualTokens } from './lower/connector.js'
import { scope } from './lower/scope.js'
import { lowerVision, patchCount, patchSize } from './lower/vision.js'
import { type Op, ops } from './ops/index.js'
import { asInputs } from './ops/rule.js'
import { frozenNodes } from './passes/frozen.js'
import { generateProgram, lastTokenProgram } from './phases/generate.js'
import { scoreVaeProgram } from './phases/locate.js'
import type { Owner, Parameter } from './plan/parameter.js'
import { parameters } from './plan/parameters.js'
import { type Node, type Program, program } from './program.js'
import { type Shape, size } from './shape.js'

/** What a model is made of, as far as cost goes. */
export type Part = 'vision' | 'connector' | 'decoder' | 'experts' | 'routers' | 'locator'

/** What one task costs: what it added to the model, and what answering its questions takes. The base alone, without experts, is the task `null`. */
export interface TaskCost {
  readonly task: string | null
  /** Parameters that the task added; of the base: those that were there from the start. */
  readonly added: number
  /** Floating-point operations of the decoder for the whole prompt, until the first token of the answer is known. */
  readonly prompt: number
  /** The same for one token more, with the prompt's keys and values kept. */
  readonly token: number
}

/** What a model costs, known from its spec alone: nothing is allocated. A multiply-add is two operations. */
export interface Cost {
  /** Tokens of the prompt that is reckoned with: one picture, and text. */
  readonly tokens: { readonly visual: number; readonly text: number }
  readonly parameters: Readonly<Record<Part, number>>
  /** Operations for one picture. */
  readonly picture: { readonly vision: number; readonly connector: number }
  /** Operations that name the task of a prompt; null where somebody names it, or there is none yet. */
  readonly locating: number | null
  readonly tasks: readonly TaskCost[]
}

/** Operations of one run of a program for what it is given. What depends on weights alone (the experts' factors put side by side) is no more for a longer text, and left out. */
const flops = (p: Program): number => {
  const given = frozenNodes(p)
  const shapeOf = (i: number): Shape => p.nodes[i]?.shape ?? []
  return p.nodes.reduce((sum, node, i) => (given[i] === true ? sum : sum + flopsOf(node, node.inputs.map(shapeOf))), 0)
}

const flopsOf = <K extends Op>(node: Node<K>, inputs: readonly Shape[]): number => ops[node.op].flops(asInputs(inputs), node.attributes)

const partOf = (owner: Owner): Part => {
  switch (owner.kind) {
    case 'base':
      return owner.part
    case 'expert':
      return 'experts'
    case 'router':
      return 'routers'
    case 'locator':
      return 'locator'
  }
}

/** The task that added a parameter; null for what was there from the start. */
const adder = (model: ModelSpec): ((owner: Owner) => string | null) => {
  const experts = new Map(model.sites.map(({ id, experts }) => [id, new Map(experts.map((expert) => [expert.id, expert.task]))]))
  return (owner) => (owner.kind === 'base' ? null : owner.kind === 'expert' ? (experts.get(owner.site)?.get(owner.expert) ?? null) : owner.task)
}

const counted = <K>(table: readonly Parameter[], key: (owner: Owner) => K): ReadonlyMap<K, number> => {
  const sums = new Map<K, number>()
  for (const { owner, shape } of table) sums.set(key(owner), (sums.get(key(owner)) ?? 0) + size(shape))
  return sums
}

const pictureCost = (model: ModelSpec): Cost['picture'] => {
  const { vision, connector } = model
  const [patches, table] = [patchCount(vision), parameters(model)]
  const tower = program((emit) => {
    const s = scope(emit, table)
    return { outputs: { features: lowerVision(s, vision, s.input('patches', [patches, patchSize(vision)]), 1) } }
  })
  const projector = program((emit) => {
    const s = scope(emit, table)
    return { outputs: { visual: lowerConnector(s, connector, vision, s.input('features', [patches, vision.width]), 1) } }
  })
  return { vision: flops(tower), connector: flops(projector) }
}

/** The frozen model reads the prompt once more; then each task's VAE scores its last token. (A Gaussian's score is not worth counting.) */
const locatingCost = (model: ModelSpec, length: number): number | null => {
  const { locator, tasks } = model
  if (locator === null || tasks.length === 0) return null
  const scores = locator.kind === 'vae' ? tasks.map(({ id }) => flops(scoreVaeProgram(model, locator, id, locator.samples))) : []
  return scores.reduce((a, b) => a + b, flops(lastTokenProgram(model, { batch: 1, length, pictures: 1 })))
}

/** What a model costs for one picture and so many tokens of text. */
export const costOf = (model: ModelSpec, text: number): Cost => {
  const table = [...parameters(model).values()]
  const [byPart, byTask] = [counted(table, partOf), counted(table, adder(model))]
  const part = (name: Part): number => byPart.get(name) ?? 0
  const visual = visualTokens(model.vision, model.connector)
  const length = visual + text
  const answering = (task: string | null): TaskCost => {
    const tasks = task === null ? [] : [task]
    return {
      task,
      added: byTask.get(task) ?? 0,
      prompt: flops(generateProgram(model, { batch: 1, length, pictures: 1, capacity: length }, tasks)),
      token: flops(generateProgram(model, { batch: 1, length: 1, pictures: 0, capacity: length + 1 }, tasks)),
    }
  }
  return {
    tokens: { visual, text },
    parameters: {
      vision: part('vision'),
      connector: part('connector'),
      decoder: part('decoder'),
      experts: part('experts'),
      routers: part('routers'),
      locator: part('locator'),
    },
    picture: pictureCost(model),
    locating: locatingCost(model, length),
    tasks: [null, ...model.tasks.map(({ id }) => id)].map(answering),
  }
}
