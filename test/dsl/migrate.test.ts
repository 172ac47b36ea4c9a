import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { type Formats, type Step, formatOf, migrate, newest, step, steps } from '../../dsl/migrate/index.js'
import { type Codec, count, decodeWith, format, list, numberOf, struct, text } from '../../dsl/schema/index.js'
import { decodeModel } from '../../dsl/index.js'
import { kinds } from '../../dsl/kinds.js'
import { schemaOf } from '../../dsl/schema-of.js'
import { mini, places, right, wrongs } from './harness.js'

// No format of ours has changed yet, so the machine is tried on made-up ones: a lamp of three versions, and a room that holds one, of two.

interface Lamp1 {
  readonly format: 'cmoe/lamp/1'
  readonly watt: number
}
interface Lamp2 {
  readonly format: 'cmoe/lamp/2'
  readonly watt: number
  readonly colours: readonly string[]
}
interface Lamp3 {
  readonly format: 'cmoe/lamp/3'
  readonly milliwatt: number
  readonly colours: readonly string[]
}
const Lamp1: Codec<Lamp1> = struct<Lamp1>({ format: format('cmoe/lamp/1'), watt: count })
const Lamp2: Codec<Lamp2> = struct<Lamp2>({ format: format('cmoe/lamp/2'), watt: count, colours: list(text) })
const Lamp3: Codec<Lamp3> = struct<Lamp3>({ format: format('cmoe/lamp/3'), milliwatt: count, colours: list(text) })

interface Room1 {
  readonly format: 'cmoe/room/1'
  readonly lamp: Lamp3
}
interface Room2 extends Omit<Room1, 'format'> {
  readonly format: 'cmoe/room/2'
  readonly doors: number
}
const Room1: Codec<Room1> = struct<Room1>({ format: format('cmoe/room/1'), lamp: Lamp3 })
const Room2: Codec<Room2> = struct<Room2>({ format: format('cmoe/room/2'), lamp: Lamp3, doors: numberOf('a door', { least: 1 }) })

const formats: Formats<'lamp' | 'room'> = {
  steps: {
    lamp: [step(Lamp1, ({ watt }) => ({ watt, colours: ['white'] })), step(Lamp2, ({ watt, colours }) => ({ milliwatt: 1000 * watt, colours }))],
    room: [step(Room1, (room) => ({ ...room, doors: 1 }))],
  },
  parts: (kind) => (kind === 'room' ? [['lamp', 'lamp']] : []),
}

const lamps: readonly [Lamp1, Lamp2, Lamp3] = [
  { format: 'cmoe/lamp/1', watt: 40 },
  { format: 'cmoe/lamp/2', watt: 40, colours: ['white'] },
  { format: 'cmoe/lamp/3', milliwatt: 40_000, colours: ['white'] },
]
const takes: readonly ((json: unknown) => E.Either<unknown, unknown>)[] = [decodeWith(Lamp1), decodeWith(Lamp2), decodeWith(Lamp3)]

/** The formats as they were when a version was the newest. */
const until = (version: number): typeof formats => ({ ...formats, steps: { ...formats.steps, lamp: formats.steps.lamp.slice(0, version - 1) } })

const pairs = lamps.flatMap((_, from) => lamps.slice(from).map((_, more) => [from + 1, from + 1 + more] as const))

describe('migration', () => {
  it.each(pairs)('leads from version %i to version %i', (from, to) => {
    const led = right(migrate(until(to))('lamp')(lamps[from - 1]))
    expect(led).toEqual(lamps[to - 1])
    expect(takes.map((decode) => E.isRight(decode(led)))).toEqual(takes.map((_, i) => i === to - 1))
  })

  it('leaves the newest as it is', () => {
    expect(right(migrate(formats)('lamp')(lamps[2]))).toBe(lamps[2])
    const room = { format: 'cmoe/room/2', doors: 2, lamp: lamps[2] }
    expect(right(migrate(formats)('room')(room))).toBe(room)
  })

  it.each(
    lamps.flatMap((lamp) => [
      { lamp, doors: 1, of: 1 },
      { lamp, doors: 3, of: 2 },
    ]),
  )('brings the parts of a file up to date too: $lamp.format in a room of version $of', ({ lamp, doors, of }) => {
    const room = of === 1 ? { format: 'cmoe/room/1', lamp } : { format: 'cmoe/room/2', lamp, doors }
    expect(pipe(room, migrate(formats)('room'), E.chain(decodeWith(Room2)))).toEqual(E.right({ format: 'cmoe/room/2', lamp: lamps[2], doors }))
  })

  it('refuses what is newer, and says so alone', () => {
    const found = wrongs(migrate(until(2))('lamp')({ ...lamps[2], watts: 1 }))
    expect(found.map(({ message }) => message)).toEqual(["'cmoe/lamp/3' is newer than this cmoe, which reads 'cmoe/lamp/2'"])
    expect(places(wrongs(migrate(until(2))('room')({ format: 'cmoe/room/1', lamp: lamps[2] })))).toEqual([['newer-format', 'lamp/format']])
  })

  it('says what is wrong with an old file in the words of its version', () => {
    expect(places(wrongs(migrate(formats)('lamp')({ format: 'cmoe/lamp/1', watt: -1, milliwatt: 3 })))).toEqual([
      ['unknown-key', ''],
      ['out-of-range', 'watt'],
    ])
  })

  it.each([[null], [[]], [{}], [{ format: 3 }], [{ format: 'cmoe/lamp/0' }], [{ format: 'cmoe/lamp/01' }], [{ format: 'cmoe/lampshade/1' }]])(
    'leaves %j to the codec, which refuses it',
    (json) => expect(right(migrate(formats)('lamp')(json))).toBe(json),
  )
})

describe('the formats of specs', () => {
  it.each(kinds)('have as many steps as versions before the newest: %s', (kind) => {
    const history: Readonly<Record<string, readonly Step[]>> = steps
    expect(schemaOf(kind).properties?.['format']).toEqual({ const: formatOf(kind, newest({ steps: history, parts: () => [] }, kind)) })
  })

  // A file that was read once is read for ever. When this fails because a form changed on purpose: give the kind a step in dsl/migrate/steps.ts and its
  // format the next number; the schema of the new version is a file of its own. Before the first release, `vitest -u` writes it over.
  it.each(kinds)('keep the form that their version has: %s', async (kind) => {
    const version = String(schemaOf(kind)['$id']).split(':').at(-1)
    await expect(`${JSON.stringify(schemaOf(kind), null, 2)}\n`).toMatchFileSnapshot(`../fixtures/formats/${kind}.${version}.schema.json`)
  })

  it('lets a file tell its editor where the schema lies, at the top and nowhere else', () => {
    expect(right(decodeModel({ $schema: './model.schema.json', ...mini }))).toEqual(mini)
    expect(places(wrongs(decodeModel({ $schema: 3, ...mini })))).toEqual([['unknown-key', '']])
    expect(places(wrongs(decodeModel({ ...mini, decoder: { $schema: './x.json', ...mini.decoder } })))).toEqual([['unknown-key', 'decoder']])
  })
})
