import { type Expansion, type ExperimentSpec, baseLabel, hash } from '../../dsl/index.js'

/** An experiment of a study under its label. */
export interface Entry {
  readonly label: string
  readonly spec: ExperimentSpec
}

/** All that a study runs, the base first. */
export const entriesOf = ({ base, variants }: Expansion): readonly Entry[] => [{ label: baseLabel, spec: base }, ...variants]

/** What a variant is called on a disk: its label in plain letters, and enough of its hash to be its own. */
export const fileNameOf = ({ label, spec }: Entry): string => {
  const plain = label
    .replaceAll(/[^\w.]+/gu, '-')
    .replaceAll(/^-|-$/gu, '')
    .slice(0, 80)
  return `${plain}-${hash(spec).slice(0, 8)}`
}
