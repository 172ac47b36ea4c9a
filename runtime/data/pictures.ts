import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import sharp from 'sharp'
import type { Picture } from '../../coin/stream-types.js'
import { patchCount, patchSize } from '../../compiler/lower/vision.js'
import type { Tensor } from '../../compiler/targets/device.js'
import type { Vision } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Bitmap, resized } from './resample.js'

/** RGB bytes of a picture of the tower's size, row by row, three to a pixel. */
export type Pixels = Uint8Array

/**
 * A picture at the tower's size: padded to a square with the mean colour and resized (`pad`, LLaVA), or resized and cropped to its middle (`crop`, CLIP).
 * One that has the size is taken as it is. Transparency is dropped, as LLaVA's own code does.
 */
export const readPixels = async (picture: Picture, image: number, { mean, fit }: Preprocessing): Promise<Pixels> => {
  const bitmap = 'pixels' in picture ? picture : await decoded(picture.path)
  const { width, height } = bitmap
  if (width === image && height === image) return bitmap.pixels
  if (fit === 'pad') return resized(squared(bitmap, mean), { width: image, height: image }).pixels
  const [short, long] = [Math.min(width, height), Math.floor((image * Math.max(width, height)) / Math.min(width, height))]
  return middle(resized(bitmap, { width: width === short ? image : long, height: height === short ? image : long }), image).pixels
}

const decoded = async (path: string): Promise<Bitmap> => {
  const { data, info } = await sharp(path).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return { pixels: data, width: info.width, height: info.height }
}

/** The picture in the middle of a square of the mean colour. */
const squared = ({ pixels, width, height }: Bitmap, mean: Preprocessing['mean']): Bitmap => {
  const side = Math.max(width, height)
  const colour = mean.map((value) => Math.floor(value * 255))
  const square = new Uint8Array(3 * side * side)
  for (let i = 0; i < square.length; i++) square[i] = colour[i % 3] ?? 0
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)]
  for (let y = 0; y < height; y++) square.set(pixels.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * side + left))
  return { pixels: square, width: side, height: side }
}

/** The middle square of a picture. */
const middle = ({ pixels, width, height }: Bitmap, side: number): Bitmap => {
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)]
  const square = new Uint8Array(3 * side * side)
  for (let y = 0; y < side; y++) square.set(pixels.subarray(3 * ((top + y) * width + left), 3 * ((top + y) * width + left + side)), 3 * y * side)
  return { pixels: square, width: side, height: side }
}

/** The name of a picture: a hash of its bytes at the tower's size. */
export const pictureKey = (pixels: Pixels): string => bytesToHex(sha256(pixels)).slice(0, 32)

/** The patches of a batch of pictures, as the tower reads them: [batch * P, 3 * patch²], zeros where there is no picture. */
export const picturePatches = (vision: Vision, preprocessing: Preprocessing, pictures: readonly (Pixels | null)[], batch: number): Tensor => {
  const [rows, width] = [patchCount(vision), patchSize(vision)]
  const data = new Float32Array(batch * rows * width)
  pictures.forEach((pixels, i) => {
    if (pixels !== null) writePatches(vision, preprocessing, pixels, data, i * rows * width)
  })
  return { shape: [batch * rows, width], data }
}

/** Patches of a picture in raster order, each [channel, row, column]: [P, 3 * patch²], written into `into` from `at` on. */
export const writePatches = ({ image, patch }: Vision, { mean, deviation }: Preprocessing, pixels: Pixels, into: Float32Array, at: number): void => {
  const side = Math.floor(image / patch)
  const scale = deviation.map((d) => 1 / (255 * d))
  const shift = mean.map((m, c) => m / (deviation[c] ?? 1))
  let out = at
  for (let y = 0; y < side * patch; y += patch)
    for (let x = 0; x < side * patch; x += patch)
      for (let c = 0; c < 3; c++) {
        const [k, m] = [scale[c] ?? 0, shift[c] ?? 0]
        for (let row = y; row < y + patch; row++)
          for (let column = x; column < x + patch; column++) into[out++] = (pixels[(row * image + column) * 3 + c] ?? 0) * k - m
      }
}
