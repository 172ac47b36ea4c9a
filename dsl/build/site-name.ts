import type { Linear } from '../sites.js'
import type { Meant } from './meant.js'

/** The id of a site of some decoder; for any other text, the sentence that the editor shows. What the editor does not know passes: `check` sees it. */
export type SiteName<S extends string> = string extends S
  ? S
  : S extends `decoder.${number}.${Linear}`
    ? S
    : `'${S}' is no site of any decoder${MeantLinear<S>}`

/** What was probably meant by the end of a site's id. */
export type MeantLinear<S extends string> = S extends `decoder.${number}.${infer L}` ? Meant<L, Linear> : '; a site reads like decoder.0.ffn.up'
