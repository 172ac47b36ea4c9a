import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'

/** What a lock asks about processes: a record, so that a test can make them up. */
export interface Processes {
  readonly id: number
  readonly host: string
  /** When a process started, in whatever form the system gives; nothing where there is no such process, or no way to know. */
  readonly startOf: (id: number) => Promise<string | undefined>
  readonly isAlive: (id: number) => boolean
}

/** Linux tells the start in clock ticks since boot, so the boot belongs to it. The name of a process may hold spaces and brackets: count from its end. */
const startOnLinux = async (id: number): Promise<string> => {
  const [stat, boot] = await Promise.all([readFile(`/proc/${id}/stat`, 'utf8'), readFile('/proc/sys/kernel/random/boot_id', 'utf8')])
  return `${boot.trim()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
}

const startElsewhere = async (id: number): Promise<string> => (await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(id)])).stdout.trim()

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    // A process that may not be signalled is there all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export const nodeProcesses: Processes = {
  id: process.pid,
  host: hostname(),
  startOf: async (id) => {
    try {
      return await (process.platform === 'linux' ? startOnLinux(id) : startElsewhere(id))
    } catch {
      return undefined
    }
  },
  isAlive,
}
