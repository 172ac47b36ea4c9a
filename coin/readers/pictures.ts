import sharp from 'sharp'
import { explain, type Files, isMissing } from '../../models/formats/files.js'

/** What is wrong with a picture's file, if anything. Only its beginning is read, so that a stream of many pictures can be checked before a run. */
export const pictureFault =
  (files: Files) =>
  async (path: string, named: string): Promise<string | undefined> => {
    try {
      if ((await files.stat(path)).isDirectory()) return `the picture '${named}' is a folder`
    } catch (error) {
      if (isMissing(error)) return `there is no picture '${named}' (${path}); put it there, or mend the path in 'image' or in the manifest's 'images'`
      return `the picture '${named}' cannot be read: ${explain(path, error).message}`
    }
    try {
      const { width, height } = await sharp(path).metadata()
      return width > 0 && height > 0 ? undefined : `'${named}' is a picture without pixels`
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return `'${named}' is not an image that can be read (${reason}); save it as PNG or JPEG`
    }
  }
