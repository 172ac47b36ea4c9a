import { describe, expect, it } from 'vitest'
import { type Change, type Expert, type Keys, type Past, changes, hash, nothing, trace } from '../../dsl/index.js'
import { mini, right } from './harness.js'

const site = 'decoder.2.ffn.up'
const experts = ['sites', site, 'experts']

const pastOf = (list: readonly Change[], at: Keys): Past => right(trace({ ...nothing(hash(mini)), changes: list })(mini)).pastOf(at)

const fresh = (id: string): Expert => ({ id, rank: 4, alpha: 8, origin: { kind: 'fresh' }, task: 'gqa', by: 'author', probe: false })

const [first, second] = mini.sites[2]?.experts ?? []
if (first === undefined || second === undefined) throw new Error('mini has other experts')

describe('what an element was before a patch', () => {
  it('is the same, by its id, where nothing else is said', () => {
    expect(pastOf([], [...experts, 'initial.0'])).toEqual({ kind: 'same', at: [...experts, 'initial.0'] })
    expect(pastOf([changes.moved(experts, 'expert', 'initial.1', 'initial.0', null)], [...experts, 'initial.1'])).toEqual({
      kind: 'same',
      at: [...experts, 'initial.1'],
    })
  })

  it('follows new names of tasks, experts and what is known by them', () => {
    const list = [changes.renamed(['tasks'], 'task', 'gqa', 'questions'), changes.renamed(experts, 'expert', 'initial.0', 'reading')]
    expect(pastOf(list, ['tasks', 'questions'])).toEqual({ kind: 'same', at: ['tasks', 'gqa'] })
    expect(pastOf(list, ['sites', site, 'routers', 'questions'])).toEqual({ kind: 'same', at: ['sites', site, 'routers', 'gqa'] })
    expect(pastOf(list, [...experts, 'reading'])).toEqual({ kind: 'same', at: [...experts, 'initial.0'] })
    // The names of experts are those of their site.
    expect(pastOf(list, ['sites', 'decoder.1.ffn.up', 'experts', 'initial.0'])).toEqual({
      kind: 'same',
      at: ['sites', 'decoder.1.ffn.up', 'experts', 'initial.0'],
    })
  })

  it('is nothing for what came, also where something of its name had gone', () => {
    const came = changes.added(experts, 'initial.1', 'expert', fresh('gqa.0'))
    expect(pastOf([came], [...experts, 'gqa.0'])).toEqual({ kind: 'new' })
    const unseen = [
      ...['ocr', 'gqa'].map((task) => changes.changed(['sites', site, 'routers', task, 'sees'], ['initial.0', 'initial.1'], ['initial.0'])),
      changes.removed(experts, 'initial.0', 'expert', second),
    ]
    const again = changes.added(experts, 'initial.0', 'expert', second)
    expect(pastOf([...unseen, again], [...experts, 'initial.1'])).toEqual({ kind: 'new' })
  })

  it('is a part of what was split, and all of what was merged', () => {
    const [left, rest] = [
      { ...first, id: 'left', rank: 3, alpha: 6 },
      { ...first, id: 'rest', rank: 5, alpha: 10 },
    ]
    const split = changes.split(experts, null, first, [left, rest])
    expect(pastOf([split], [...experts, 'rest'])).toMatchObject({ kind: 'part', index: 1, of: { kind: 'same', at: [...experts, 'initial.0'] } })
    const merged = changes.merged(experts, null, { ...first, id: 'one' }, [left, rest])
    expect(pastOf([split, merged], [...experts, 'one'])).toMatchObject({
      kind: 'whole',
      of: [
        { kind: 'part', index: 0 },
        { kind: 'part', index: 1 },
      ],
    })
  })
})
