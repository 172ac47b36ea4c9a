import { connectorTo } from '../build/connector.js'
import { clipVit, gaussian, llama, mlp, siglipVit, vae } from '../build/index.js'
import { same } from '../canonical.js'
import { valueAt } from '../diff/focus.js'
import { match } from '../match.js'
import type { Locator, ModelSpec, Vision } from '../spec/index.js'

/** What a builder sets where nobody says otherwise. */
export interface Default {
  readonly builder: string
  readonly value: unknown
  /** Whether it is what stands in the model. */
  readonly taken: boolean
}

/** A part of a model as its builder makes it of what has to be said, and the fields that have to be said. */
interface Built {
  readonly builder: string
  readonly part: unknown
  readonly said: readonly string[]
}

const sizes = ['kind', 'width', 'layers', 'heads'] as const

const visionBuilt: (vision: Vision) => Built = match<Vision, Built>({
  'clip-vit': ({ image, patch, width, layers, heads }) => ({
    builder: 'clipVit',
    part: clipVit({ image, patch, width, layers, heads }),
    said: [...sizes, 'image', 'patch'],
  }),
  'siglip-vit': ({ image, patch, width, layers, heads }) => ({
    builder: 'siglipVit',
    part: siglipVit({ image, patch, width, layers, heads }),
    said: [...sizes, 'image', 'patch'],
  }),
})

const locatorBuilt: (locator: Locator) => Built = match<Locator, Built>({
  vae: () => ({ builder: 'vae', part: vae(), said: ['kind'] }),
  gaussian: () => ({ builder: 'gaussian', part: gaussian(), said: ['kind'] }),
})

const built: Readonly<Record<string, (model: ModelSpec) => Built | undefined>> = {
  vision: ({ vision }) => visionBuilt(vision),
  connector: ({ decoder }) => ({ builder: 'mlp', part: connectorTo(decoder.width, mlp()), said: ['kind'] }),
  decoder: ({ decoder: { vocab, width, layers, heads, ffn } }) => ({
    builder: 'llama',
    part: llama({ vocab, width, layers, heads, ffn }),
    said: [...sizes, 'vocab', 'ffn'],
  }),
  locator: ({ locator }) => (locator === null ? undefined : locatorBuilt(locator)),
}

/** The default of a place of a model, where its builder has one. A spec does not keep who said a value, but it can be compared with what nobody said. */
export const defaultAt = (model: ModelSpec, [part = '', ...rest]: readonly string[]): Default | undefined => {
  const made = Object.hasOwn(built, part) ? built[part]?.(model) : undefined
  if (made === undefined || rest[0] === undefined || made.said.includes(rest[0])) return undefined
  const value = valueAt(undefined, rest, made.part)
  return value === undefined ? undefined : { builder: made.builder, value, taken: same(value, valueAt('model', [part, ...rest], model)) }
}
