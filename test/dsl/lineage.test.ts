import { describe, expect, it } from 'vitest'
import {
  type Archive,
  ancestors,
  apply,
  checkLineage,
  decodeLineage,
  hash,
  inFolder,
  joined,
  mergeBases,
  order,
  patchBetween,
  printPath,
  tips,
  wayBetween,
} from '../../dsl/index.js'
import { mini, right, wrongs } from './harness.js'
import { last, line, one, other, start, withMerge } from './lineages.js'

const codes = (archive: Archive): readonly (readonly [string, string])[] => checkLineage(archive).map(({ code, file }) => [code, file])

/** The line, and one thing in it that is otherwise. */
const changed = (parts: Partial<Archive>): Archive => ({ ...line, ...parts })

const [root, first, second] = line.lineage.versions.map(({ version }) => version) as [string, string, string]

describe('checking a lineage', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(checkLineage(start)).toEqual([])
    expect(checkLineage(line)).toEqual([])
  })

  it('finds a missing version, and a forged one, by name', () => {
    const { [first]: _, ...versions } = line.versions
    expect(codes(changed({ versions }))).toEqual([['missing', `versions/${first}.json`]])
    const forged = { ...line.versions, [first]: { ...last(one), name: 'forged' } }
    expect(codes(changed({ versions: forged }))).toEqual([['forged', `versions/${first}.json`]])
    expect(checkLineage(changed({ versions: forged }))[0]?.message).toMatch(/^hashes to [0-9a-f]{64}, which is not its name/)
  })

  it('finds versions in another order, circles, and parents that nobody knows', () => {
    const [a, b, c] = line.lineage.versions
    if (a === undefined || b === undefined || c === undefined) throw new Error('three versions')
    const listed = (...versions: (typeof a)[]): Archive => changed({ lineage: { ...line.lineage, versions } })
    expect(codes(listed(a, c, b))).toEqual([['reordered', 'lineage.json']])
    expect(checkLineage(listed(a, c, b))[0]?.message).toBe(
      `lists version ${second.slice(0, 12)} before its parent ${first.slice(0, 12)}; versions are in the order they came`,
    )
    const circle = listed(a, { ...b, parents: [{ version: second, patch: 'patches/vqa.json' }] }, c)
    expect(codes(circle).filter(([code]) => code === 'circle')).toHaveLength(2)
    expect(codes(listed(a, c)).map(([code]) => code)).toEqual(['unknown-parent', 'orphan', 'orphan', 'orphan', 'orphan'])
    expect(codes(listed(a, { ...b, parents: [] }, c)).map(([code]) => code)).toContain('several-roots')
    expect(codes(listed()).map(([code]) => code)).toContain('no-root')
  })

  it('finds a patch that leads elsewhere, or from another version', () => {
    const vqa = line.patches['patches/vqa.json']
    if (vqa === undefined) throw new Error('there is a patch')
    const patches = (patch: typeof vqa): Archive => changed({ patches: { ...line.patches, 'patches/vqa.json': patch } })
    expect(codes(patches({ ...vqa, changes: vqa.changes.slice(1) }))).toEqual([['patch-fails', 'patches/vqa.json']])
    expect(codes(patches({ ...vqa, from: second }))).toEqual([['another-patch', 'patches/vqa.json']])
  })

  it('finds tasks that were told in another order than the versions know them', () => {
    const versions = line.lineage.versions.map((entry) =>
      entry.task === null ? entry : { ...entry, task: entry.task === 'vqa' ? 'caption' : 'vqa' },
    )
    const found = checkLineage(changed({ lineage: { ...line.lineage, versions } }))
    expect(found.map(({ code }) => code)).toEqual(['other-tasks', 'other-task', 'other-tasks', 'other-task'])
    expect(found[0]?.message).toBe(
      `says that version ${first.slice(0, 12)} was taught caption, yet it knows ocr, gqa, vqa, and what it came from ocr, gqa`,
    )
  })

  it('tells all findings at once', () => {
    const { [first]: _, ...versions } = line.versions
    expect(codes({ ...line, versions, patches: {} })).toEqual([
      ['missing', `versions/${first}.json`],
      ['missing', 'patches/vqa.json'],
      ['missing', 'patches/caption.json'],
    ])
  })
})

describe('a lineage as a graph', () => {
  const branches = joined(inFolder('a', line), inFolder('b', other))
  const [left, right_] = [second, hash(last(other))]

  it('joins runs at the versions that they share', () => {
    expect(branches.lineage.versions.map(({ task }) => task)).toEqual([null, 'vqa', 'caption', 'charts'])
    expect(branches.lineage.versions.at(-1)?.plan).toBe('b/plans/charts.json')
    expect(tips(branches.lineage)).toEqual([left, right_])
    expect(checkLineage(branches)).toEqual([])
  })

  it('knows ancestors, where branches parted, and the way between', () => {
    expect([...ancestors(branches.lineage)(left)]).toEqual([first, root])
    expect(mergeBases(branches.lineage)(left, right_)).toEqual([root])
    expect(mergeBases(branches.lineage)(left, first)).toEqual([first])
    expect(wayBetween(branches.lineage)(left, right_)?.map(({ to, back }) => [to, back])).toEqual([
      [first, true],
      [root, true],
      [right_, false],
    ])
    expect(wayBetween(branches.lineage)(left, 'nowhere')).toBeUndefined()
    expect(order({ ...line.lineage, versions: line.lineage.versions.toReversed() }).map(({ version }) => version)).toEqual([root, first, second])
  })

  it('composes what leads from one branch to the other', () => {
    const patch = patchBetween(branches)(left, right_)
    if (patch._tag === 'Left') throw new Error(JSON.stringify(patch.left))
    expect(hash(right(apply(patch.right)(last(line))))).toBe(right_)
    expect(patch.right.changes).toHaveLength(18)
    const lost = patchBetween({ ...branches, patches: {} })(left, first)
    expect(lost).toMatchObject({ left: [{ code: 'missing', file: 'a/patches/caption.json' }] })
    expect(patchBetween(branches)(left, 'nowhere')).toMatchObject({ left: [{ code: 'no-way', file: 'lineage.json' }] })
  })

  it('holds a merge, each of whose parents has a patch of its own', () => {
    const merged = withMerge(branches, mini, last(line), last(other))
    expect(checkLineage(merged)).toEqual([])
    expect(tips(merged.lineage)).toEqual([hash(last(merged))])
    const { 'patches/ours.json': ours } = merged.patches
    if (ours === undefined) throw new Error('there is a patch')
    const swapped = { ...merged, patches: { ...merged.patches, 'patches/theirs.json': ours } }
    expect(codes(swapped)).toEqual([['another-patch', 'patches/theirs.json']])
  })
})

describe('a lineage as a file', () => {
  it('is read in its first format too', () => {
    const old = {
      format: 'cmoe/lineage/1',
      versions: line.lineage.versions.map(({ parents, ...entry }) => ({
        ...entry,
        parents: parents.map(({ version }) => version),
        patch: parents[0]?.patch ?? null,
      })),
    }
    expect(right(decodeLineage(old))).toEqual(line.lineage)
  })

  it('is refused where it is not one, with the place', () => {
    expect(wrongs(decodeLineage({ ...line.lineage, stray: 1 })).map(({ code }) => code)).toEqual(['unknown-key'])
    expect(wrongs(decodeLineage({ ...line.lineage, format: 'cmoe/lineage/9' })).map(({ code }) => code)).toEqual(['newer-format'])
    const versions = [{ ...line.lineage.versions[0], task: 7 }]
    expect(wrongs(decodeLineage({ ...line.lineage, versions })).map(({ path }) => printPath(path))).toEqual([`versions/${root}/task`])
  })
})
