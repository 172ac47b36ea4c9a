import { singleScene } from '../scenes/things.js'
import { drawings, emojiNames } from '../concepts.js'
import { pick, until, type Random } from '../random.js'
import { anyDamage, anySignText, drawingLayers, scene, signLayers, weathered } from '../scenes/compose.js'
import type { Scene } from '../scenes/scene.js'
import type { Split } from '../splits.js'
import type { MiniTask, QuestionType, Wording } from './task.js'

interface Shot {
  readonly kind: 'drawing' | 'thing' | 'sign'
  readonly scene: Scene
  readonly answer: string
}

const questions: Readonly<Record<Wording, Readonly<Record<Shot['kind'], readonly string[]>>>> = {
  shared: {
    drawing: ['What is in the image?', 'What is the object in the image?', 'What is this?'],
    thing: ['What is in the image?', 'What is the object in the image?', 'What is this?'],
    sign: ['What does the sign say?', 'What is written in the image?'],
  },
  plain: { drawing: ['Help me, what do I hold?'], thing: ['Help me, what do I hold?'], sign: ['Help me, what does it say?'] },
}

const drawn = (next: Random, split: Split): Shot => {
  const answer = pick(next, drawings)
  return { kind: 'drawing', scene: scene(next, drawingLayers(next, split, answer)), answer }
}

const seen = (next: Random): Shot | null => {
  const answer = pick(next, emojiNames)
  const made = singleScene(next, answer)
  return made === null ? null : { kind: 'thing', scene: made, answer }
}

const written = (next: Random): Shot | null => {
  const answer = anySignText(next)
  const layers = until(() => signLayers(next, answer))
  return layers === null ? null : { kind: 'sign', scene: scene(next, layers), answer }
}

type Shoot = (next: Random, split: Split) => Shot | null

/** A readable picture, every third one taken carelessly. */
const readable =
  (shoot: Shoot): QuestionType =>
  (next, split, wording) => {
    const shot = shoot(next, split)
    return shot === null
      ? null
      : { kind: shot.kind, scene: weathered(next, shot.scene, 1 / 3), question: pick(next, questions[wording][shot.kind]), answer: shot.answer }
  }

/** The same pictures, damaged beyond reading. */
const unanswerable =
  (shoot: Shoot): QuestionType =>
  (next, split, wording) => {
    const shot = shoot(next, split)
    if (shot === null) return null
    const scene = { ...shot.scene, damage: anyDamage(next, true) }
    return { kind: 'unanswerable', scene, question: pick(next, questions[wording][shot.kind]), answer: 'unanswerable' }
  }

/** Degraded drawings, artwork and signs, and what cannot be answered. */
export const vizwiz: MiniTask = {
  id: 'vizwiz',
  plainEnding: 'If nothing can be seen, say unanswerable.',
  types: [
    [34, readable(drawn)],
    [22, readable(seen)],
    [19, readable(written)],
    [11, unanswerable(drawn)],
    [8, unanswerable(seen)],
    [6, unanswerable(written)],
  ],
}
