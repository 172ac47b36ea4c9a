import sharp from 'sharp'
import { explain, type Files, isMissing } from '../../models/formats/files.js'

/** Pictures up to this many bytes are decoded as a whole; of larger ones only the beginning is read, so that a stream of many photos can be checked before a run. */
const wholeUpTo = 1 << 16

/** Says what is wrong with a picture's file, if anything, given its path and what a record calls it. */
export type PictureCheck = (path: string, named: string) => Promise<string | undefined>

/** The same check, made and told once a picture: many records may ask about one. */
export const onceEach = (check: PictureCheck): PictureCheck => {
  const seen = new Set<string>()
  return async (path, named) => {
    if (seen.has(path)) return undefined
    seen.add(path)
    return check(path, named)
  }
}

export const pictureFault =
  (files: Files): PictureCheck =>
  async (path, named) => {
    let bytes = 0
    try {
      const found = await files.stat(path)
      if (found.isDirectory()) return `the picture '${named}' is a folder`
      bytes = found.size
    } catch (error) {
      if (isMissing(error)) return `there is no picture '${named}' (${path}); put it there, or mend the path in 'image' or in the manifest's 'images'`
      return `the picture '${named}' cannot be read: ${explain(path, error).message}`
    }
    try {
      if (bytes > wholeUpTo) await sharp(path).metadata()
      else await sharp(path).raw().toBuffer()
      return undefined
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return `'${named}' is not an image that can be read (${reason}); save it as PNG or JPEG`
    }
  }
