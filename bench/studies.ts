// How long a study of a thousand variants takes to spell out: node --import tsx bench/studies.ts
import { loadavg } from 'node:os'
import { bug } from '../compiler/invariant.js'
import { type StudySpec, edits, expand, factor, product, showDiagnostics, study } from '../dsl/index.js'
import { studyCost } from '../cli/study-cost.js'
import { paperStudy } from '../models/index.js'

const upTo = (n: number, of: (i: number) => number): readonly number[] => Array.from({ length: n }, (_, i) => of(i))

const thousand: StudySpec = study('thousand', {
  base: paperStudy.base,
  design: product(
    factor(edits.probes, ...upTo(10, (i) => i + 2)),
    factor(edits.probeShare, ...upTo(10, (i) => 0.2 + i / 20)),
    factor(edits.threshold, ...upTo(10, (i) => 1 + i / 10)),
  ),
})

/** Seconds of this process alone: what others do on the machine does not count. */
const spent = (work: () => unknown): number => {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

const expanded = () => {
  const found = expand(studyCost)(thousand)
  return found._tag === 'Right' ? found.right.variants : bug(showDiagnostics(found.left))
}

const [first, second] = [spent(expanded), spent(expanded)]
console.log(
  `${expanded().length} variants of ${thousand.base.name}: ${first.toFixed(2)} s of CPU time at first, ${second.toFixed(2)} s once compiled; load ${loadavg()[0]?.toFixed(1)}`,
)
