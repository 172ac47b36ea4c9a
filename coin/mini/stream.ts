import type { Picture, Sample, Stream, Task } from '../stream-types.js'
import { side } from './concepts.js'
import { readPack, type Pack } from './pack.js'
import { render } from './scenes/render.js'
import type { Scene } from './scenes/scene.js'
import type { Split } from './splits.js'
import { miniTasks, sampleOf, type MiniSample } from './tasks/index.js'
import type { MiniTask, Wording } from './tasks/task.js'

/** How much of MiniCoIN, and in which words; the same shape as the stream reference of an experiment. */
export interface MiniOptions {
  readonly wording: Wording
  /** Samples a task. */
  readonly train: number
  readonly heldOut: number
  readonly test: number
  readonly seed: number
}

/** A picture that is drawn whenever its bytes are asked for: twenty thousand of them would fill a quarter of a gigabyte. */
const pictureOf = (pack: Pack, scene: Scene): Picture => ({
  width: side,
  height: side,
  get pixels() {
    return render(pack, scene)
  },
})

const asSample = (pack: Pack, { id, scene, question, answer, meta }: MiniSample): Sample => ({
  id,
  question,
  answer,
  ...(scene === null ? {} : { image: pictureOf(pack, scene) }),
  ...(meta === undefined ? {} : { meta }),
})

const taskOf = (pack: Pack, task: MiniTask, options: MiniOptions): Task => {
  const samples = (split: Split, count: number): readonly Sample[] =>
    Array.from({ length: count }, (_, index) => asSample(pack, sampleOf(task, split, index, options)))
  return {
    id: task.id,
    scorer: task.id,
    train: samples('train', options.train),
    heldOut: samples('heldOut', options.heldOut),
    test: samples('test', options.test),
  }
}

/** MiniCoIN as a stream in memory: eight tasks in CoIN's order. */
export const miniStream = (pack: Pack, options: MiniOptions): Stream => ({
  name: 'mini',
  tasks: miniTasks.map((task) => taskOf(pack, task, options)),
})

/** The same, with the data pack read first. */
export const miniCoin = async (options: MiniOptions): Promise<Stream> => miniStream(await readPack(), options)
