import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import sharp from 'sharp'
import type { Picture } from '../../coin/stream-types.js'
import type { Vision } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'

/** RGB bytes of a picture of the tower's size, row by row, three to a pixel. */
export type Pixels = Uint8Array

/**
 * A picture at the tower's size: padded to a square with the mean colour and resized (`pad`, LLaVA), or resized and cropped to its middle (`crop`, CLIP).
 * One that has the size is taken as it is.
 */
export const readPixels = async (picture: Picture, image: number, { mean, fit }: Preprocessing): Promise<Pixels> => {
  if ('pixels' in picture && picture.width === image && picture.height === image) return picture.pixels
  const [r, g, b] = mean.map((value) => Math.floor(value * 255)) as [number, number, number]
  const source =
    'pixels' in picture
      ? sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: 3 } })
      : sharp(picture.path).removeAlpha()
  return source
    .toColourspace('srgb')
    .resize(image, image, { fit: fit === 'pad' ? 'contain' : 'cover', background: { r, g, b }, kernel: 'cubic' })
    .raw()
    .toBuffer()
}

/** The name of a picture: a hash of its bytes at the tower's size. */
export const pictureKey = (pixels: Pixels): string => bytesToHex(sha256(pixels)).slice(0, 32)

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
