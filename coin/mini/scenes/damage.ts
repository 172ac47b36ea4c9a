import { side } from '../concepts.js'
import { random } from '../random.js'
import type { Canvas } from './canvas.js'
import type { Damage, DamageKind } from './scene.js'

/** A thousand draws from the normal distribution, so that noise costs one look-up a byte. */
const normals: Float32Array = (() => {
  const next = random(20_220)
  return Float32Array.from({ length: 4096 }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()))
})()

/** Adds camera noise of the given strength in grey levels. */
export const addNoise = (canvas: Canvas, seed: number, sigma: number): void => {
  const next = random(seed)
  for (let at = 0; at < canvas.length;) {
    let bits = (next() * 4294967296) >>> 0
    for (let k = 0; k < 2 && at < canvas.length; k += 1, at += 1) {
      const value = (canvas[at] ?? 0) + sigma * (normals[bits & 4095] ?? 0)
      canvas[at] = value < 0 ? 0 : value > 255 ? 255 : value
      bits >>>= 12
    }
  }
}

/** Averages each pixel with its neighbours along one direction, the edge repeated. */
const blurLine = (canvas: Canvas, from: Uint8Array, radius: number, step: number, stride: number): void => {
  for (let line = 0; line < side; line += 1)
    for (let channel = 0; channel < 3; channel += 1) {
      const start = line * stride * 3 + channel
      const value = (at: number): number => from[start + Math.min(side - 1, Math.max(0, at)) * step * 3] ?? 0
      let sum = 0
      for (let at = -radius; at <= radius; at += 1) sum += value(at)
      for (let at = 0; at < side; at += 1) {
        canvas[start + at * step * 3] = sum / (2 * radius + 1)
        sum += value(at + radius + 1) - value(at - radius)
      }
    }
}

const blur = (canvas: Canvas, radius: number): void => {
  blurLine(canvas, Uint8Array.from(canvas), radius, 1, side)
  blurLine(canvas, Uint8Array.from(canvas), radius, side, 1)
}

const relight = (canvas: Canvas, factor: number, offset: number): void => {
  canvas.forEach((value, at) => {
    canvas[at] = value * factor + offset
  })
}

const damages: Readonly<Record<DamageKind, (canvas: Canvas, heavy: boolean, seed: number) => void>> = {
  blurred: (canvas, heavy) => {
    if (!heavy) return blur(canvas, 1)
    blur(canvas, 20)
    blur(canvas, 20)
  },
  dark: (canvas, heavy) => (heavy ? relight(canvas, 0.015, 6) : relight(canvas, 0.6, 0)),
  'washed-out': (canvas, heavy) => (heavy ? relight(canvas, 0.015, 248) : relight(canvas, 0.6, 100)),
  noisy: (canvas, heavy, seed) => {
    if (!heavy) return addNoise(canvas, seed, 16)
    relight(canvas, 0.1, 115)
    addNoise(canvas, seed, 60)
  },
}

export const damage = (canvas: Canvas, what: Damage, seed: number): void => damages[what.kind](canvas, what.heavy, seed)
