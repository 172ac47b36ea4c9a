import type { Shape } from '../shape.js'

/** How a parameter starts. Random starts are drawn from a stream named after the parameter, so that growth never shifts another's. */
export type Initial =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'copy'; readonly of: string }

/** How a parameter starts that is made from nothing. */
export type Fresh = Exclude<Initial, { readonly kind: 'copy' }>

/** Whose parameter it is. */
export type Owner =
  | { readonly kind: 'base'; readonly part: 'vision' | 'connector' | 'decoder' }
  | { readonly kind: 'expert'; readonly site: string; readonly expert: string }
  | { readonly kind: 'router'; readonly site: string; readonly task: string }
  | { readonly kind: 'locator'; readonly task: string }

export interface Parameter {
  readonly name: string
  readonly shape: Shape
  readonly owner: Owner
  readonly initial: Initial
}

export type ParameterTable = ReadonlyMap<string, Parameter>
