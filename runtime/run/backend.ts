import { automatic, type Backend } from '../../compiler/targets/select.js'
import { stop } from '../stop.js'

const backends: readonly (Backend | 'auto')[] = ['auto', ...automatic, 'reference']

/** The backend of that name; the choice is automatic where none is named. */
export const backendNamed = (name: string = 'auto'): Backend | 'auto' =>
  backends.find((known) => known === name) ?? stop(`there is no backend '${name}'; there are ${backends.join(', ')}`)
