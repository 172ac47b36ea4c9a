import sharp from 'sharp'
import { explain, type Files, isMissing } from '../../models/formats/files.js'

/** Pictures up to this many bytes are decoded as a whole; of larger ones only the beginning is read, so that a stream of many photos can be checked before a run. */
const wholeUpTo = 1 << 16

/** What is wrong with a picture's file, if anything. */
export const pictureFault =
  (files: Files) =>
  async (path: string, named: string): Promise<string | undefined> => {
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
