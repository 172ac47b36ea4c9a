import * as E from 'fp-ts/lib/Either.js'
import type { Device } from './device.js'
import { referenceDevice } from './reference.js'
import { selfTest } from './self-test.js'
import { productSpeed } from './speed.js'
import { tfjsDevice } from './tfjs/device.js'
import { wasmDevice } from './wasm/device.js'

/** Where programs can run. `wasm` is our own SIMD kernels, `cpu` tfjs's plain JavaScript, `tensorflow` a tfjs-node that the user installed. */
export type Backend = 'cpu' | 'reference' | 'tensorflow' | 'wasm'

export interface DeviceOptions {
  readonly backend: Backend | 'auto'
  /** Threads of the wasm backend; as many as there are cores if not said. */
  readonly threads?: number
}

/** What became of a backend that was looked at. */
export interface Attempt {
  readonly backend: Backend
  readonly ok: boolean
  /** Why not, or null. */
  readonly reason: string | null
}

export interface Opened {
  readonly device: Device
  readonly backend: Backend
  /** In the order of trying; the last is the one that was taken. */
  readonly tried: readonly Attempt[]
}

export type Openers = Readonly<Record<Backend, () => Promise<Device>>>

const openers = ({ threads }: Pick<DeviceOptions, 'threads'>): Openers => ({
  cpu: () => tfjsDevice('cpu'),
  reference: () => Promise.resolve(referenceDevice()),
  tensorflow: () => tfjsDevice('tensorflow'),
  wasm: () => wasmDevice(threads === undefined ? {} : { threads }),
})

/** What `auto` tries, the fastest first. The choice depends on what is installed and on what computes rightly, never on a measured time. */
export const automatic: readonly Backend[] = ['tensorflow', 'wasm', 'cpu']

/** Opens a backend, or the first of `automatic` that is there and passes the self-test. */
export const openDevice = ({ backend, ...options }: DeviceOptions): Promise<E.Either<string, Opened>> =>
  openFirst(openers(options), backend === 'auto' ? automatic : [backend])

/** Opens the first of these backends that passes the self-test. A message otherwise: what was tried, and why each was refused. */
export const openFirst = async (open: Openers, backends: readonly Backend[]): Promise<E.Either<string, Opened>> => {
  const tried: Attempt[] = []
  for (const backend of backends) {
    const opened = await attempt(open[backend])
    tried.push({ backend, ok: E.isRight(opened), reason: E.isLeft(opened) ? opened.left : null })
    if (E.isRight(opened)) return E.right({ device: opened.right, backend, tried })
  }
  return E.left(`no backend to compute on: ${tried.map(({ backend, reason }) => `${backend}: ${reason ?? ''}`).join('; ')}`)
}

/** A device that computes rightly, or why there is none. */
const attempt = async (open: () => Promise<Device>): Promise<E.Either<string, Device>> => {
  try {
    const device = await open()
    const fault = await selfTest(device)
    if (fault === undefined) return E.right(device)
    await device.dispose()
    return E.left(fault)
  } catch (error) {
    return E.left(message(error))
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What `cmoe backends` says of a backend. */
export interface BackendReport {
  readonly name: Backend
  /** What the device calls itself; null where there is none. */
  readonly device: string | null
  /** Why the backend is not used; null where it passed the self-test. */
  readonly refused: string | null
  /** Of a product of two matrices of 512 by 512; null where nothing was measured. */
  readonly gigaflops: number | null
  /** The one that `auto` takes. */
  readonly chosen: boolean
}

const all: readonly Backend[] = [...automatic, 'reference']

/** Looks at every backend: whether it is there, computes rightly, and how fast. Takes some seconds. */
export const listBackends = async (options: Pick<DeviceOptions, 'threads'> = {}): Promise<readonly BackendReport[]> => {
  const open = openers(options)
  const reports: BackendReport[] = []
  for (const name of all) {
    const opened = await attempt(open[name])
    const first = automatic.includes(name) && reports.every(({ chosen }) => !chosen)
    reports.push(E.isLeft(opened) ? absent(name, opened.left) : await measured(name, first, opened.right))
  }
  return reports
}

const absent = (name: Backend, refused: string): BackendReport => ({ name, device: null, refused, gigaflops: null, chosen: false })

const measured = async (name: Backend, chosen: boolean, device: Device): Promise<BackendReport> => {
  const gigaflops = await productSpeed(device)
  await device.dispose()
  return { name, device: device.name, refused: null, gigaflops, chosen }
}
