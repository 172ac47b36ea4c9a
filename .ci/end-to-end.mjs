// Runs the built command as a user does, on a small MiniCoIN, and looks at what it leaves.
// usage: node .ci/end-to-end.mjs run|again|kill|flip|stream|study FOLDER     (`run` first: the others compare with its folder)
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const [mode = '', folder = '.'] = process.argv.slice(2)
const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'dist/cli/main.js')
const at = (...parts) => resolve(folder, ...parts)

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const expect = (holds, message) => holds || fail(message)

const cmoe = (...args) => {
  const { status, stdout, stderr } = spawnSync('node', [main, ...args], { encoding: 'utf8', cwd: folder, maxBuffer: 1 << 28 })
  return { status, stdout, stderr }
}

const good = (...args) => {
  const { status, stdout, stderr } = cmoe(...args)
  if (status !== 0) fail(`cmoe ${args.join(' ')} exits ${status}\n${stderr.slice(-2000)}`)
  return stdout
}

/** The embedded experiment, made small enough to be run often. */
const small = async (name, edit = (experiment) => experiment) => {
  const { miniExperiment } = await import(join(root, 'dist/models/index.js'))
  const { stream, policy, training } = miniExperiment
  const experiment = {
    ...miniExperiment,
    name: 'small',
    stream: { ...stream, train: 160, heldOut: 32, test: 8 },
    policy: { ...policy, probe: { ...policy.probe, share: 0.5, steps: 4 } },
    training: { ...training, steps: 12, epochs: null },
  }
  writeFileSync(at(name), JSON.stringify(edit(experiment)))
  return at(name)
}

const walk = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)]))

/** Hashes of all that must be the same in two runs: everything but times, and the page that shows them. */
const fingerprint = (run) =>
  walk(run)
    .map((path) => [relative(run, path), path])
    .filter(([name]) => /^(versions|patches|evidence|plans|weights|predictions)\/|^(experiment|inputs|lineage|lock|metrics)\.json$/.test(name))
    .map(([name, path]) => {
      const bytes = readFileSync(path)
      const kept = name === 'metrics.json' ? JSON.stringify({ ...JSON.parse(bytes), seconds: null }) : bytes
      return `${name} ${createHash('sha256').update(kept).digest('hex')}`
    })
    .sort()

const same = (a, b) => {
  const [one, other] = [fingerprint(a), fingerprint(b)]
  expect(one.length > 10, `${a} holds only ${one.length} files`)
  const differing = [...one.filter((line) => !other.includes(line)), ...other.filter((line) => !one.includes(line))]
  expect(differing.length === 0, `${a} and ${b} differ in\n${differing.join('\n')}`)
}

/** Starts a command and kills it, as a power cut would, after so many milliseconds. Says whether it had ended before. */
const killed = (milliseconds, ...args) =>
  new Promise((told) => {
    const child = spawn('node', [main, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (data) => (said += data))
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
    child.on('exit', (code) => {
      clearTimeout(timer)
      told({ ended: code !== null, code, said })
    })
  })

const stream = async () => {
  const colours = { red: '#d02020', green: '#20a040', blue: '#2040d0' }
  const dir = at('stream')
  rmSync(dir, { recursive: true, force: true })
  const tasks = []
  for (const [id, question] of [
    ['colour', 'what colour is it ?'],
    ['light', 'is it red ?'],
    ['name', 'which one is it ?'],
  ]) {
    mkdirSync(join(dir, id), { recursive: true })
    const records = []
    for (let n = 0; n < 40; n += 1) {
      const [colour, background] = Object.entries(colours)[n % 3]
      await sharp({ create: { width: 48 + n, height: 64, channels: 3, background } })
        .png()
        .toFile(join(dir, id, `${n}.png`))
      records.push({ n, answer: id === 'light' ? (colour === 'red' ? 'yes' : 'no') : colour })
    }
    const train = records.slice(0, 32).map(({ n, answer }) => ({
      id: `${n}`,
      image: `${n}.png`,
      conversations: [
        { from: 'human', value: `<image>\n${question}` },
        { from: 'gpt', value: answer },
      ],
    }))
    const test = records.slice(32).map(({ n, answer }) => ({ question_id: n, image: `${n}.png`, text: question, answer }))
    writeFileSync(join(dir, id, 'train.json'), JSON.stringify(train))
    writeFileSync(join(dir, id, 'test.json'), test.map((record) => JSON.stringify(record)).join('\n'))
    tasks.push({ id, train: `${id}/train.json`, test: `${id}/test.json`, images: id, scorer: 'exact' })
  }
  writeFileSync(join(dir, 'stream.json'), JSON.stringify({ format: 'cmoe/stream/1', name: 'colours', tasks }))
  return dir
}

/** Twelve of the paper's choices on the mini model, so small that they say nothing about quality. */
const writeStudy = async (name) => {
  const { edits, factor, fresh, oneFactor, study } = await import(join(root, 'dist/dsl/index.js'))
  const { paperStudy } = await import(join(root, 'dist/models/index.js'))
  const { model, policy, training } = paperStudy.base
  const base = {
    ...paperStudy.base,
    model: { ...model, locator: { ...model.locator, train: { ...model.locator.train, steps: 20 } } },
    policy: { ...policy, probe: { ...policy.probe, share: 0.5, steps: 2 } },
    stream: { kind: 'folder', path: await stream() },
    training: { ...training, steps: 3 },
  }
  const design = oneFactor(
    factor(edits.threshold, 0, 1),
    factor(edits.probes, 2, 3),
    edits.initialise(fresh),
    factor(edits.rank, 2, 4, 16),
    edits.locatorOff,
    edits.zScored(false),
    factor(edits.balance, 0, 0.1),
  )
  writeFileSync(at(name), JSON.stringify(study('small', { base, design })))
}

const edited = (path, edit) => writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path)))))

const edits = {
  'a missing picture': (dir) => rmSync(join(dir, 'colour/3.png')),
  'a picture that is none': (dir) => writeFileSync(join(dir, 'colour/3.png'), 'no picture'),
  'broken JSON': (dir) => writeFileSync(join(dir, 'colour/train.json'), '[\n{"id": "1",]'),
  'an empty task': (dir) => writeFileSync(join(dir, 'colour/train.json'), '[]'),
  'an unknown scorer': (dir) => writeFileSync(join(dir, 'stream.json'), readFileSync(join(dir, 'stream.json'), 'utf8').replace('"exact"', '"exat"')),
  'no manifest': (dir) => rmSync(join(dir, 'stream.json')),
  'a task of two records': (dir) => edited(join(dir, 'colour/train.json'), (records) => records.slice(0, 2)),
  'a question that is too long': (dir) =>
    edited(join(dir, 'colour/train.json'), ([{ conversations, ...first }, ...others]) => {
      const [asked, answered] = conversations
      return [{ ...first, conversations: [{ ...asked, value: `<image>\n${'what colour is it ? '.repeat(200)}` }, answered] }, ...others]
    }),
}

const modes = {
  run: async () => {
    const started = Date.now()
    const result = JSON.parse(
      good('run', await small('small.json'), '--out', 'first', '--json')
        .trimEnd()
        .split('\n')
        .at(-1),
    )
    expect(result.kind === 'result', 'the last line is no result')
    expect(result.metrics.tasks.length === 8, `${result.metrics.tasks.length} tasks`)
    for (const name of ['experiment.json', 'lineage.json', 'metrics.json', 'report.html', 'lock.json'])
      expect(existsSync(at('first', name)), `there is no ${name}`)
    expect(result.metrics.oracle.bwt.overT === 0, 'with the task given something was forgotten')
    good('verify', 'first')
    expect(good('show', 'first').includes('task given'), 'show does not sum up the run')
    expect(good('lineage', 'first').match(/●/g)?.length === 9, 'lineage does not draw nine versions')
    expect(good('explain', 'first', 'tasks/gqa').includes('4 of 8'), 'explain does not know the fourth task')
    writeFileSync(at('milliseconds'), String(Date.now() - started))
  },
  again: async () => {
    good('run', await small('small.json'), '--out', 'second')
    same(at('first'), at('second'))
  },
  kill: async () => {
    const whole = Number(readFileSync(at('milliseconds'), 'utf8'))
    const spec = await small('small.json')
    let kills = 0
    let args = ['run', spec, '--out', 'killed']
    while (kills < 5) {
      // Five of these are less than a run takes.
      const wait = Math.round(whole * (0.05 + 0.14 * Math.random()))
      const { ended, code, said } = await killed(wait, ...args)
      expect(!ended, `cmoe ${args.join(' ')} ended before it was killed, with ${code}\n${said.slice(-2000)}`)
      kills += 1
      process.stdout.write(`killed after ${wait} ms\n`)
      if (existsSync(at('killed', 'experiment.json'))) args = ['resume', 'killed']
    }
    good(...args)
    same(at('first'), at('killed'))
    good('verify', 'killed')
  },
  flip: () => {
    const victims = walk(at('first')).filter((path) => /\/(versions|weights)\//.test(path))
    expect(victims.length >= 16, `only ${victims.length} files of versions and weights`)
    for (const path of victims) {
      const name = relative(at('first'), path)
      rmSync(at('flipped'), { recursive: true, force: true })
      cpSync(at('first'), at('flipped'), { recursive: true })
      const bytes = readFileSync(path)
      const place = Math.floor(Math.random() * statSync(path).size)
      bytes[place] ^= 1 << Math.floor(Math.random() * 8)
      writeFileSync(at('flipped', name), bytes)
      const { status, stdout } = cmoe('verify', 'flipped')
      expect(status === 1 && stdout.includes(name), `byte ${place} of ${name} was flipped: exits ${status} and says\n${stdout}`)
    }
  },
  stream: async () => {
    const spec = await small('own.json')
    await stream()
    good('run', spec, '--stream', 'stream', '--out', 'own')
    good('verify', 'own')
    const before = readFileSync(at('stream/light/5.png'))
    writeFileSync(at('stream/light/5.png'), readFileSync(at('stream/light/4.png')))
    expect(cmoe('verify', 'own').status === 1, 'a picture that changed is not found by verify')
    writeFileSync(at('stream/light/5.png'), before)
    for (const [what, edit] of Object.entries(edits)) {
      edit(await stream())
      const { status, stderr } = cmoe('run', spec, '--stream', 'stream', '--out', 'broken')
      const lines = stderr.split('\n').filter((line) => line.startsWith('cmoe: '))
      expect(status === 2 && lines.length === 1, `${what}: exits ${status} and says\n${stderr}`)
      process.stdout.write(`${what}: ${lines[0]}\n`)
      expect(!existsSync(at('broken')) || readdirSync(at('broken')).length === 0, `${what}: leaves a run half-written`)
    }
  },
  study: async () => {
    await writeStudy('study.json')
    const args = ['ablate', 'study.json', '--out', 'study']
    expect(good(...args, '--list').split('\n').length > 13, 'the list is too short')
    good(...args.slice(0, 2), '--write', 'variants')
    const base = readdirSync(at('variants')).find((name) => name.startsWith('base-'))
    const started = Date.now()
    good('run', join('variants', base), '--out', 'base')
    const one = Date.now() - started
    let kills = 0
    while (kills < 4) {
      const wait = Math.round(one * (0.5 + 2 * Math.random()))
      const { ended, code, said } = await killed(wait, ...args)
      expect(!ended || code === 0, `cmoe ${args.join(' ')} exits ${code}\n${said.slice(-2000)}`)
      if (ended) break
      kills += 1
      process.stdout.write(`killed after ${wait} ms\n`)
    }
    expect(kills > 0, 'it ended before it was killed')
    process.stdout.write(good(...args))
    const { variants } = JSON.parse(readFileSync(at('study/comparison.json')))
    expect(variants.length === 13 && variants.every(({ runs }) => runs === 1), 'not every variant has its run')
    const runs = readdirSync(at('study')).filter((name) => name.endsWith('-seed-0'))
    expect(runs.length === 13, `there are ${runs.length} runs`)
    for (const run of runs) good('verify', join('study', run))
    same(
      at('base'),
      at(
        'study',
        runs.find((name) => name.startsWith('base-')),
      ),
    )
  },
}

if (!Object.hasOwn(modes, mode)) fail(`there is no mode '${mode}'`)
await modes[mode]()
