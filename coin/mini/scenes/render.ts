import type { Pack } from '../pack.js'
import { blank } from './canvas.js'
import { addNoise, damage } from './damage.js'
import { paint } from './paint.js'
import type { Scene } from './scene.js'

/** Strength of the noise on every picture, in grey levels. */
const sigma = 4

/** The picture of a scene: 64 x 64 RGB bytes, row by row. */
export const render = (pack: Pack, scene: Scene): Uint8Array => {
  const canvas = blank(scene.background)
  scene.layers.forEach((layer) => paint(pack, canvas, layer))
  if (scene.damage !== null) damage(canvas, scene.damage, scene.noise ^ 0x5bd1e995)
  addNoise(canvas, scene.noise, sigma)
  return canvas
}
