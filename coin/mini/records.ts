import type { Sample } from '../stream-types.js'

/** A training record as LLaVA has it. */
export interface TrainRecord {
  readonly id: string
  readonly image?: string
  readonly conversations: readonly { readonly from: 'human' | 'gpt'; readonly value: string }[]
}

/** A test record as CoIN has it. Grounding has a box where others have an answer. */
export interface TestRecord {
  readonly question_id: string
  readonly image?: string
  readonly text: string
  readonly answer?: string
  readonly answer_bbox?: string
  readonly size?: readonly [number, number]
  readonly choices?: number
}

export const trainRecord = ({ id, question, answer }: Sample, image: string | null): TrainRecord => ({
  id,
  ...(image === null ? {} : { image }),
  conversations: [
    { from: 'human', value: image === null ? question : `<image>\n${question}` },
    { from: 'gpt', value: answer },
  ],
})

export const testRecord = ({ id, question, answer, meta }: Sample, image: string | null): TestRecord => ({
  question_id: id,
  ...(image === null ? {} : { image }),
  text: question,
  ...(meta?.answer_bbox === undefined ? { answer } : { answer_bbox: meta.answer_bbox }),
  ...(meta?.size === undefined ? {} : { size: meta.size }),
  ...(meta?.choices === undefined ? {} : { choices: meta.choices }),
})
