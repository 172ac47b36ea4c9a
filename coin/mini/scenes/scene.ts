import type { ColourName, Rgb, ShapeName } from '../concepts.js'

/** A rectangle in pixels; everything lies on the 8-pixel grid. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface EmojiLayer extends Box {
  readonly kind: 'emoji'
  readonly name: string
}

export interface ShapeLayer extends Box {
  readonly kind: 'shape'
  readonly name: ShapeName
  readonly colour: ColourName
}

/** What relations, counts and boxes are about. */
export type Thing = EmojiLayer | ShapeLayer

/** The board of a sign, or the cover of a book. */
export interface BoardLayer extends Box {
  readonly kind: 'board'
  readonly colour: ColourName
}

export interface TextLayer extends Box {
  readonly kind: 'text'
  readonly text: string
  readonly cut: 'small' | 'large'
  readonly ink: Rgb
}

export interface PhotoLayer extends Box {
  readonly kind: 'photo'
  readonly index: number
  readonly name: string
  readonly mirror: boolean
  /** Brightness of the product, as a factor. */
  readonly light: number
}

export interface DrawingLayer extends Box {
  readonly kind: 'drawing'
  readonly index: number
  readonly name: string
  readonly mirror: boolean
  /** How far the sheet is turned, in radians. */
  readonly tilt: number
  readonly ink: Rgb
}

export type Layer = EmojiLayer | ShapeLayer | BoardLayer | TextLayer | PhotoLayer | DrawingLayer

export type DamageKind = 'blurred' | 'dark' | 'washed-out' | 'noisy'

/** What went wrong with the camera. Mild damage leaves the picture readable, heavy damage does not. */
export interface Damage {
  readonly kind: DamageKind
  readonly heavy: boolean
}

/** A picture as plain data: rendered, it is always the same bytes. */
export interface Scene {
  readonly background: Rgb
  readonly layers: readonly Layer[]
  readonly damage: Damage | null
  /** Seed of the camera's noise. */
  readonly noise: number
}

export const isThing = (layer: Layer): layer is Thing => layer.kind === 'emoji' || layer.kind === 'shape'

export const thingsOf = (scene: Scene): readonly Thing[] => scene.layers.filter(isThing)

const layerKey = (layer: Layer): string => {
  const place = `${layer.x},${layer.y},${layer.width},${layer.height}`
  switch (layer.kind) {
    case 'emoji':
      return `${layer.name}@${place}`
    case 'shape':
    case 'board':
      return `${layer.kind === 'shape' ? layer.name : 'board'}:${layer.colour}@${place}`
    case 'text':
      return `"${layer.text}"@${place}`
    case 'photo':
    case 'drawing':
      return `${layer.kind}#${layer.index}`
  }
}

/**
 * What a scene is, apart from the light it is seen in: things and their places, or the photo or drawing it shows.
 * Two samples with the same key show the same scene, and splits never share a key.
 */
export const keyOf = (scene: Scene): string => {
  const source = scene.layers.find((layer) => layer.kind === 'photo' || layer.kind === 'drawing')
  return source === undefined ? scene.layers.map(layerKey).sort().join(';') : layerKey(source)
}
