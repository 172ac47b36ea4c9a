import * as t from 'io-ts'
import { PretrainSettings } from './settings.js'

const figures = t.readonly(t.record(t.string, t.number))

const ofStages = <A>(of: t.Type<A>) => t.readonly(t.strict({ tower: of, captions: of, lessons: of }))

/** How the base came to be, kept beside its weights as `card.json`; the model card is written from it. */
export const Card = t.readonly(
  t.strict({
    format: t.literal('cmoe/card/1'),
    model: t.string,
    weights: t.string,
    settings: PretrainSettings,
    backend: t.string,
    seconds: ofStages(t.number),
    /** Mean loss over each hundredth of a stage. */
    losses: ofStages(t.readonlyArray(t.number)),
    /** Percent of patches of new pictures that each throw-away head named rightly. */
    tower: figures,
    /** Percent of requests about unseen pictures that were answered rightly, by what they ask for. */
    captions: figures,
  }),
)

export type Card = t.TypeOf<typeof Card>

/** The card as a page: front matter for hubs, how to make the weights again, loss curves and accuracies. */
export const cardPage = ({ settings, backend, seconds, losses, tower, captions, weights }: Card): string => {
  const minutes = (stage: 'tower' | 'captions' | 'lessons') => `${(seconds[stage] / 60).toFixed(0)} minutes`
  return `---
license: mit
library_name: cmoe
pipeline_tag: image-text-to-text
tags: [continual-learning, moe, lora, llava]
---

# The base of \`mini\`

A small LLaVA for MiniCoIN: SigLIP-style tower, two-layer connector, LLaMA-style decoder, a tokenizer of its own. It was trained from nothing by this project, with this
compiler, on pictures, captions and short replies of other samples than any task's. It describes pictures; it does not know the tasks. It knows nothing beyond MiniCoIN's world.

Made again, with the same bits on the same backend, by \`cmoe pretrain --out DIR --seed ${settings.seed}\`. This took ${minutes('tower')} for the tower, ${minutes('captions')} for the captions and ${minutes('lessons')} for the lessons on \`${backend}\`
(on a machine that was doing other work as well). Hash of the weights: \`${weights}\`.

| stage | steps | batch | learning rate | what is learnt |
| --- | --- | --- | --- | --- |
| tower | ${settings.tower.steps} | ${settings.tower.batch} | ${settings.tower.learningRate} | what lies in each patch, how it looks, how far it reaches, how often it is there, what is beside it; the heads are thrown away |
| captions | ${settings.captions.steps} | ${settings.captions.batch} | ${settings.captions.learningRate} | connector and decoder describe pictures, on the frozen tower |
| lessons | ${settings.lessons.steps} | ${settings.lessons.batch} | ${settings.lessons.learningRate} | the same reply in a word or two, of which picture and request fix every one |

## Accuracies

Requests about unseen pictures to which there is one right reply, 200 of each kind, answered rightly (percent):

${table(captions)}

Patches of new pictures with something on them, named rightly by the tower's heads (percent):

${table(tower)}

## Loss

Means over tenths of each stage.

${curve('tower', losses.tower)}

${curve('captions', losses.captions)}

${curve('lessons', losses.lessons)}
`
}

const table = (accuracies: Readonly<Record<string, number>>): string =>
  ['| what | right |', '| --- | --- |', ...Object.entries(accuracies).map(([kind, accuracy]) => `| ${kind} | ${accuracy.toFixed(1)} |`)].join('\n')

const curve = (stage: string, losses: readonly number[]): string => {
  const part = Math.max(1, Math.ceil(losses.length / 10))
  const means = Array.from({ length: Math.ceil(losses.length / part) }, (_, i) => {
    const of = losses.slice(i * part, (i + 1) * part)
    return (of.reduce((a, b) => a + b, 0) / of.length).toFixed(3)
  })
  return `${stage}: ${means.join(', ')}`
}
