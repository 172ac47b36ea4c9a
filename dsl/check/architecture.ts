import { type Diagnostics, diagnostic } from '../diagnostics.js'
import { pathOf } from '../path.js'
import { type Rule, unless } from './rule.js'

/** Each head has an equal share of the width. */
const towerHeads: Rule = ({ vision: { width, heads } }) =>
  unless(width % heads === 0, () =>
    diagnostic('does-not-divide', pathOf(['vision', 'heads']), { part: 'heads', parts: heads, whole: 'wide', size: width }),
  )

const patchesFit: Rule = ({ vision: { image, patch } }) =>
  unless(patch <= image, () =>
    diagnostic('too-large', pathOf(['vision', 'patch']), { what: 'the side of a patch', value: patch, most: image, because: "the picture's" }),
  )

/** Published towers have such pictures (SigLIP so400m: 384 in patches of 14), so it is no error. */
const patchesCover: Rule = ({ vision: { image, patch } }) =>
  unless(image % patch === 0 || patch > image, () => diagnostic('pixels-left-over', pathOf(['vision', 'image']), { image, patch }))

const featureLayer: Rule = ({ vision: { layer, layers } }) =>
  unless(-layer <= layers, () =>
    diagnostic('too-large', pathOf(['vision', 'layer']), {
      what: 'the feature layer, from the end,',
      value: -layer,
      most: layers,
      because: 'the number of layers',
    }),
  )

/** Squares of features are joined whole. */
const joins: Rule = ({ vision: { image, patch }, connector: { join } }) => {
  const side = Math.floor(image / patch)
  return unless(side % join === 0, () =>
    diagnostic('does-not-divide', pathOf(['connector', 'join']), { part: 'features a side', parts: join, whole: 'features a side', size: side }),
  )
}

/** Each key-value head serves an equal number of query heads. */
const groups: Rule = ({ decoder: { heads, kvHeads } }) =>
  unless(heads % kvHeads === 0, () =>
    diagnostic('does-not-divide', pathOf(['decoder', 'kvHeads']), { part: 'key-value heads', parts: kvHeads, whole: 'heads', size: heads }),
  )

const rotates: Rule = ({ decoder: { headDim } }) =>
  unless(headDim % 2 === 0, () => diagnostic('not-even', pathOf(['decoder', 'headDim']), { what: 'the width of a head', value: headDim }))

const scaling: Rule = ({ decoder: { rope } }): Diagnostics =>
  rope.scaling?.kind !== 'llama3'
    ? []
    : unless(rope.scaling.lowFrequency < rope.scaling.highFrequency, () =>
        diagnostic('out-of-range', pathOf(['decoder', 'rope', 'scaling', 'lowFrequency']), { wanted: 'below highFrequency', found: rope.scaling }),
      )

export const architectureRules: readonly Rule[] = [towerHeads, patchesFit, patchesCover, featureLayer, joins, groups, rotates, scaling]
