import { existsSync, readdirSync, statSync } from 'node:fs'

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** Whether something is there that would have to give way; an empty folder is free. */
export const isTaken = (path: string): boolean => existsSync(path) && (!isFolder(path) || readdirSync(path).length > 0)
