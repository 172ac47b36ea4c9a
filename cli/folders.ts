import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { files } from '../runtime/run/folder.js'

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** Whether something is there that would have to give way; an empty folder is free. */
export const isTaken = (path: string): boolean => existsSync(path) && (!isFolder(path) || readdirSync(path).length > 0)

/** Whether a folder is a run's, even one that lost a file. */
export const holdsRun = (path: string): boolean => [files.experiment, files.lineage, files.lock].some((name) => existsSync(join(path, name)))
