import { describe, expect, it } from 'vitest'
import { progress } from '../../cli/progress/index.js'
import { figures, secondsLeft, span } from '../../cli/progress/words.js'
import { done, note, phase, step, warning } from '../../runtime/progress.js'
import { recorder } from './harness.js'

describe('progress in a log', () => {
  it('says what lasts, what was decided, and not every step', () => {
    const { terminal, said, pass } = recorder()
    const report = progress({ terminal, json: false })
    report(phase('train', 'gqa', 'training 2 experts', 100))
    for (let n = 1; n <= 100; n += 1) {
      pass(100)
      report(step(n, { loss: 1 / n }))
    }
    report(done('train', 'gqa', 10, { loss: 0.01 }))
    report(note('gqa grew at decoder.1.ffn.up'))
    report(warning('2 pictures are missing'))
    expect(said.err.split('\n')).toEqual([
      'gqa: training 2 experts',
      '  20/100  8 s left  loss 0.05',
      '  70/100  3 s left  loss 0.0143',
      '  done in 10 s  loss 0.01',
      'gqa grew at decoder.1.ffn.up',
      'warning: 2 pictures are missing',
      '',
    ])
    expect(said.out).toBe('')
  })

  it('is silent about what is over at once, and says afterwards what could not be seen coming', () => {
    const { terminal, said } = recorder()
    const report = progress({ terminal, json: false })
    report(phase('fit', 'gqa', 'fitting the locator', 10))
    report(step(10))
    report(done('fit', 'gqa', 1.9))
    expect(said.err).toBe('')
    report(phase('fit', 'gqa', 'fitting the locator', 10))
    report(done('fit', 'gqa', 2))
    expect(said.err).toBe('gqa: fitting the locator: 2 s\n')
  })

  it('counts where nobody knows the end', () => {
    const { terminal, said, pass } = recorder()
    const report = progress({ terminal, json: false })
    report(phase('read', null, 'reading'))
    pass(6000)
    report(step(7))
    expect(said.err).toBe('reading\n  7\n')
  })
})

describe('progress for a machine', () => {
  it('is every event, as a line of JSON', () => {
    const { terminal, said } = recorder()
    const report = progress({ terminal, json: true })
    const events = [phase('train', 'gqa', 'training', 2), step(1, { loss: 2 }), note('hello'), done('train', 'gqa', 1)]
    for (const event of events) report(event)
    expect(
      said.out
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(events)
    expect(said.err).toBe('')
  })
})

describe('words of progress', () => {
  it('say spans of time', () => expect([0.4, 59.4, 60, 125, 3725].map(span)).toEqual(['0 s', '59 s', '1:00 min', '2:05 min', '1:02 h']))

  it('guess the time left from the pace so far', () => {
    expect(secondsLeft(25, 100, 10)).toBe(30)
    expect(secondsLeft(0, 100, 10)).toBeNaN()
  })

  it('keep three figures', () => expect(figures({ loss: 1.23456, kept: 12 })).toBe('loss 1.23, kept 12'))
})
