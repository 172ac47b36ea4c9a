import sharp from 'sharp'
import { scorers } from '../../coin/scorers/index.js'
import type { Picture, Sample, Task } from '../../coin/stream-types.js'
import { type ModelSpec, type Profile, decodeEvidence, decodePlan, showDiagnostics } from '../../dsl/index.js'
import type { Context } from '../run/context.js'
import type { Outcome } from '../run/experiment.js'
import { files } from '../run/folder.js'
import type { LockFile } from '../run/lock-file.js'
import { orStop } from '../stop.js'
import type { ReportData, ReportSample, TaskGrowth } from './data.js'
import { growthOf } from './evidence.js'

/** Samples shown of each task. */
const shown = 3

/** Pixels of the longer side, at most: the page carries its pictures with it. */
const side = 128

const opened = (picture: Picture) =>
  'path' in picture ? sharp(picture.path) : sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: 3 } })

const dataUri = async (picture: Picture): Promise<string> => {
  const png = await opened(picture).resize(side, side, { fit: 'inside', withoutEnlargement: true }).png().toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}

/** Whether a scorer gives at least half a point. */
const isRight = ({ scorer }: Task, profile: Profile, sample: Sample, text: string): boolean =>
  scorers[scorer][profile]([sample], [{ id: sample.id, text }]).accuracy >= 50

const seenBy = (model: ModelSpec, task: string): ReportSample['experts'] =>
  model.sites.flatMap(({ id, experts, routers }) => {
    const own = new Set(experts.filter((expert) => expert.task === task).map((expert) => expert.id))
    return routers
      .filter((router) => router.task === task)
      .map(({ sees }) => ({ site: id, own: sees.filter((seen) => own.has(seen)), older: sees.filter((seen) => !own.has(seen)).length }))
  })

const samplesOf = (task: Task, profile: Profile, { model, located, answers }: Outcome): Promise<readonly ReportSample[]> =>
  Promise.all(
    task.test.slice(0, shown).map(async (sample, index) => {
      const answer = answers[task.id]?.[index] ?? ''
      const route = located[task.id]?.[index] ?? task.id
      return {
        task: task.id,
        image: sample.image === undefined ? null : await dataUri(sample.image),
        question: sample.question,
        expected: sample.meta?.answer_bbox ?? sample.answer,
        answer,
        correct: isRight(task, profile, sample, answer),
        located: model.locator === null ? null : route,
        experts: seenBy(model, route),
      }
    }),
  )

const valid = orStop(showDiagnostics)

const growthAt = async ({ folder }: Context, task: string): Promise<TaskGrowth> =>
  growthOf(valid(decodePlan(await folder.readJson(files.plan(task)))), valid(decodeEvidence(await folder.readJson(files.evidence(task)))))

/** Everything that the report shows, of a run that has come to its end. */
export const gather = async (context: Context, outcome: Outcome, lock: LockFile): Promise<ReportData> => {
  const { experiment, tasks } = context
  return {
    name: experiment.name,
    metrics: outcome.metrics,
    growth: await Promise.all(tasks.map(({ id }) => growthAt(context, id))),
    samples: (await Promise.all(tasks.map((task) => samplesOf(task, experiment.profile, outcome)))).flat(),
    provenance: {
      policy: experiment.policy.name,
      backend: lock.backend,
      seed: lock.seed,
      hashes: { lock: lock.hash, ...lock.files },
      versions: lock.versions,
    },
  }
}
