import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Device } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { type Opened, type Openers, automatic, listBackends, openDevice, openFirst } from '../../compiler/targets/select.js'
import { offBy, spoilt } from './spoilt.js'

const absent = (): Promise<Device> => Promise.reject(new Error('not installed'))

const open = (openers: Partial<Openers>, ...backends: Parameters<typeof openFirst>[1]): Promise<E.Either<string, Opened>> =>
  openFirst({ cpu: absent, reference: absent, tensorflow: absent, wasm: absent, ...openers }, backends)

describe('the choice of a backend', () => {
  it('is the first that is there and computes rightly, and says what became of the others', async () => {
    const opened = await open({ wasm: () => Promise.resolve(spoilt(offBy(1, 25))), cpu: () => Promise.resolve(referenceDevice()) }, ...automatic)
    expect(opened).toMatchObject({
      _tag: 'Right',
      right: {
        backend: 'cpu',
        device: { name: 'reference (float64)' },
        tried: [
          { backend: 'tensorflow', ok: false, reason: 'not installed' },
          { backend: 'wasm', ok: false, reason: 'it computes wrongly: a gather is off by 1.0' },
          { backend: 'cpu', ok: true, reason: null },
        ],
      },
    })
  })

  it('does not fall back from a backend that was asked for', async () => {
    const opened = await open({ cpu: () => Promise.resolve(referenceDevice()) }, 'wasm')
    expect(opened).toEqual(E.left('no backend to compute on: wasm: not installed'))
  })

  it('disposes what it refuses, and survives what crashes', async () => {
    let disposed = 0
    const sound = referenceDevice()
    const crashing: Device = {
      ...sound,
      load: () => {
        throw new Error('unreachable')
      },
      dispose: () => Promise.resolve(void disposed++),
    }
    const opened = await open({ wasm: () => Promise.resolve(crashing) }, 'wasm')
    expect(opened).toEqual(E.left('no backend to compute on: wasm: it cannot run a program: unreachable'))
    expect(disposed).toBe(1)
  })

  it('takes our own wasm kernels where there is no TensorFlow', async () => {
    const opened = await openDevice({ backend: 'auto', threads: 1 })
    const backend = process.env['CMOE_TFJS_NODE'] === undefined ? 'wasm' : 'tensorflow'
    expect(opened).toMatchObject({ _tag: 'Right', right: { backend } })
    if (E.isRight(opened)) await opened.right.device.dispose()
  })

  it('names the package to install when TensorFlow is asked for and is not there', async () => {
    if (process.env['CMOE_TFJS_NODE'] !== undefined) return
    const opened = await openDevice({ backend: 'tensorflow' })
    expect(opened).toEqual(
      E.left('no backend to compute on: tensorflow: no TensorFlow: @tensorflow/tfjs-node-gpu: not installed; @tensorflow/tfjs-node: not installed'),
    )
  })
})

describe('the list of backends', () => {
  it('has each once, the automatic choice marked, with its speed', async () => {
    const reports = await listBackends({ threads: 1 })
    expect(reports.map(({ name }) => name)).toEqual(['tensorflow', 'wasm', 'cpu', 'reference'])
    expect(reports.filter(({ chosen }) => chosen)).toHaveLength(1)
    for (const { refused, device, gigaflops } of reports) {
      expect(refused === null).toBe(device !== null)
      expect(refused === null).toBe(gigaflops !== null && gigaflops > 0)
    }
  })
})
