import type { ModelSpec, VaeLocator } from '../../dsl/index.js'
import type { Shape } from '../shape.js'
import { names } from './names.js'
import type { Initial, Parameter } from './parameter.js'

/** Entries of the locator's bank, one per task of the model. Everything in it is frozen once its task has been learnt. */
export const locatorParameters = ({ locator, decoder, tasks }: ModelSpec): readonly Parameter[] =>
  locator === null
    ? []
    : tasks.flatMap(({ id }) => (locator.kind === 'vae' ? vaeParameters(locator, decoder.width, id) : gaussianParameters(decoder.width, id)))

const zeros: Initial = { kind: 'zeros' }

const entry =
  (task: string) =>
  (tensor: string, shape: Shape, initial: Initial): Parameter => ({
    name: names.locator(task, tensor),
    shape,
    owner: { kind: 'locator', task },
    initial,
  })

/** Tensors that gradient descent fits. The rest of an entry is measured: `center`, `spread` [width] of the features, `calibration` [2] of the scores. */
const fittedTensors = (
  locator: Pick<VaeLocator, 'hidden' | 'latent'>,
  width: number,
): readonly (readonly [name: string, out: number, input: number])[] => [
  ['encoder', locator.hidden, width],
  ['mu', locator.latent, locator.hidden],
  ['logvar', locator.latent, locator.hidden],
  ['decoder', locator.hidden, locator.latent],
  ['mean', width, locator.hidden],
  ['xlogvar', width, locator.hidden],
]

/** The names of a task's fitted tensors. */
export const fittedNames = (locator: Pick<VaeLocator, 'hidden' | 'latent'>, width: number, task: string): readonly string[] =>
  fittedTensors(locator, width).flatMap(([name]) => [`${name}.weight`, `${name}.bias`].map((tensor) => names.locator(task, tensor)))

const vaeParameters = (locator: VaeLocator, width: number, task: string): readonly Parameter[] => {
  const own = entry(task)
  return [
    ...fittedTensors(locator, width).flatMap(([name, out, input]) => [
      own(`${name}.weight`, [out, input], { kind: 'uniform', bound: input ** -0.5 }),
      own(`${name}.bias`, [out], zeros),
    ]),
    own('center', [width], zeros),
    own('spread', [width], { kind: 'ones' }),
    own('calibration', [2], zeros),
  ]
}

const gaussianParameters = (width: number, task: string): readonly Parameter[] => {
  const own = entry(task)
  return [own('center', [width], zeros), own('covariance', [width, width], zeros), own('count', [1], zeros)]
}
