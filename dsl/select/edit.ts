import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NodeKind, Nodes } from '../children.js'
import { checkSpec } from '../check/index.js'
import { type Spec, decodeSpec } from '../decode.js'
import { type Checked, type Diagnostics, diagnostic } from '../diagnostics.js'
import { at } from '../path.js'
import type { Selector } from '../spec/index.js'
import { rewrite } from './rewrite.js'

/** A spec whose form and meaning were looked at again after surgery; all that is wrong with it otherwise. */
const valid = <S extends Spec>(spec: S): Checked<S> =>
  pipe(
    decodeSpec(spec),
    E.filterOrElse(
      (next): next is S => next.format === spec.format,
      (next): Diagnostics => [diagnostic('wrong-format', at(undefined, 'format'), { wanted: spec.format, found: next.format })],
    ),
    E.flatMap((next) => {
      const errors = checkSpec(next).filter(({ severity }) => severity === 'error')
      return errors.length > 0 ? E.left(errors) : E.right(next)
    }),
  )

/**
 * Changes what a selector finds, and checks the whole again: `edit(pipe(one('expert'), called('gqa.0')), (expert) => ({ ...expert, alpha: 8 }))`.
 * It is refused where the selector finds another number of nodes than it says.
 */
export const edit =
  <K extends NodeKind>(selector: Selector<K>, change: (node: Nodes[K]) => Nodes[K]) =>
  <S extends Spec>(spec: S): Checked<S> =>
    pipe(
      spec,
      rewrite(selector, ({ node }) => E.right(change(node))),
      E.flatMap(valid),
    )
