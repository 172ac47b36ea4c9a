import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NodeKind } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import type { Checked } from '../diagnostics.js'
import { place } from '../diff/focus.js'
import { collect } from '../growth/collect.js'
import { keys } from '../path.js'
import type { Selector } from '../spec/index.js'
import type { Visited } from '../walk.js'
import { find } from './find.js'

/** A spec with each node that a selector finds changed; all else is the same object as before. Whether it is still a spec is for `valid` to say. */
export const rewrite =
  <K extends NodeKind>(selector: Selector<K>, change: (found: Visited<K>) => Checked<unknown>) =>
  <S extends Spec>(spec: S): Checked<S> =>
    pipe(
      find(selector)(spec),
      E.flatMap((found) =>
        collect(
          found.map((each) =>
            pipe(
              change(each),
              E.map((node) => ({ path: each.path, node })),
            ),
          ),
        ),
      ),
      E.map((changed) => changed.reduce((whole, { path, node }) => place(kindOf(spec), keys(path)).focus.set(node)(whole) as S, spec)),
    )
