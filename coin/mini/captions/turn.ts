import { chance, pick, type Random } from '../random.js'
import { words } from '../words.js'

/**
 * A request and its reply, in sentences. LLaVA's first stage asks for descriptions too; none of these requests is a task's question, and no
 * reply has a task's form: what is learnt are names, places, relations and letters, and to look for what is asked about.
 */
export interface Turn {
  readonly request: string
  readonly reply: string
}

/** Most words of a caption, marks included. */
const longest = 48

/** `USER:`, `ASSISTANT:` and the end mark. */
const marks = 5

/** Words of a turn and its marks. */
const turnLength = (turn: Turn): number => words(turn.request).length + words(turn.reply).length + marks

const openings = ['', '', '', 'describe ', 'name ', 'say ', 'tell me ', 'please say ']
const manners = ['.', '.', '.', '.', '.\nDescribe it in a sentence.', '.\nUse a full sentence.', '.\nSay it in a sentence.']

/** A topic, asked for in one of many ways: the words that matter are the topic's. Every request ends with a full stop, as the tasks' prompts do. */
export const ask = (next: Random, topic: string): string => `${pick(next, openings)}${topic}${pick(next, manners)}`

/** As many turns as fit. */
export const fitting = (turns: readonly Turn[], room: number = longest): readonly Turn[] => {
  const [first, ...rest] = turns
  if (first === undefined) return []
  const length = turnLength(first)
  return length > room ? fitting(rest, room) : [first, ...fitting(rest, room - length)]
}

/** Sentences joined into one description, as many as fit. */
export const description = (request: string, sentences: readonly string[]): Turn => {
  const kept = sentences.reduce((text, sentence) => {
    const longer = text === '' ? sentence : `${text} ${sentence}`
    return turnLength({ request, reply: longer }) <= longest ? longer : text
  }, '')
  return { request, reply: kept }
}

export const describe = (next: Random): string =>
  pick(next, ['Describe the image.', 'describe the image.', 'the image.', 'Describe the image.\nUse a full sentence.'])

export const either = <A>(next: Random, one: A, other: A): A => (chance(next, 0.5) ? one : other)
