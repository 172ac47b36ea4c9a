import type { Sample } from '../../stream-types.js'
import { side } from '../concepts.js'
import type { Pack } from '../pack.js'
import { render } from '../scenes/render.js'
import type { Caption } from './index.js'

/** A caption as a sample that training can take: the last turn with the earlier ones before it. */
export const captionRecord = (pack: Pack, id: string, { scene, turns }: Caption): Sample => {
  const asked = turns.map(({ request, reply }) => ({ question: request, answer: reply }))
  const last = asked.at(-1)
  if (last === undefined) throw new Error('bug: a caption without a turn')
  return {
    id,
    ...last,
    ...(asked.length > 1 ? { earlier: asked.slice(0, -1) } : {}),
    ...(scene === null ? {} : { image: { width: side, height: side, pixels: render(pack, scene) } }),
  }
}
