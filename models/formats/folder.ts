import { mkdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Json } from '../../dsl/json.js'
import { type Tokenizer, tokenizerOf } from '../tokenizer.js'
import type { TokenizerFiles } from '../tokenizer-words.js'
import { nameInFile } from './aliases.js'
import { type Conversation, modelOfConfig } from './config.js'
import { configOf } from './config-writer.js'
import { attempt, type FileError, type Files, isMissing, nodeFiles } from './files.js'
import { readJson, writeJson } from './json-file.js'
import { clipPreprocessing, type Preprocessing, preprocessingOf, preprocessorConfig } from './preprocessor.js'
import { type WriteOptions, writeSafetensors } from './safetensors-writer.js'
import type { Tensors } from './tensor.js'
import { readWeights, type Wanted, weightsFile } from './weights.js'

/** A model folder in the form of Hugging Face, read. */
export interface ModelFolder {
  readonly model: ModelSpec
  /** By their names in memory. */
  readonly weights: Tensors
  readonly tokenizer: Tokenizer
  /** The token that stands for a picture in a prompt. */
  readonly imageToken: number
  readonly conversation: Conversation
  readonly preprocessing: Preprocessing
}

const names = {
  config: 'config.json',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  preprocessor: 'preprocessor_config.json',
} as const

/**
 * Reads a model folder: config.json, weights (one safetensors file, or several with an index), tokenizer and preprocessor. `parameters` says which tensors
 * a model has; a folder that lacks one, or has another, is refused, and all that is wrong with it is told.
 */
export const readModelFolder =
  (parameters: (model: ModelSpec) => Wanted, files: Files = nodeFiles) =>
  async (folder: string): Promise<E.Either<readonly FileError[], ModelFolder>> => {
    const at = (name: string): string => join(folder, name)
    const json = async (name: string): Promise<E.Either<readonly FileError[], Json>> =>
      E.mapLeft((error: FileError) => [error])(await readJson(files)(at(name)))

    const config = await json(names.config)
    if (E.isLeft(config)) return config
    const configured = modelOfConfig(config.right, idOf(folder))
    if (E.isLeft(configured)) return E.left(configured.left.map((message) => ({ path: at(names.config), message })))
    const { model, imageToken, conversation } = configured.right

    const preprocessing = await readPreprocessing(files, at(names.preprocessor))
    const tokenizerJson = await json(names.tokenizer)
    const tokenizerConfig = await json(names.tokenizerConfig)
    const tokenizer =
      E.isRight(tokenizerJson) && E.isRight(tokenizerConfig)
        ? tokenizerIn(at(names.tokenizer), tokenizerJson.right, tokenizerConfig.right, model)
        : E.left([tokenizerJson, tokenizerConfig].flatMap((file) => (E.isLeft(file) ? file.left : [])))
    const weights = await readWeights(files)(folder, parameters(model))

    if (E.isRight(preprocessing) && E.isRight(tokenizer) && E.isRight(weights))
      return E.right({ model, imageToken, conversation, weights: weights.right, tokenizer: tokenizer.right, preprocessing: preprocessing.right })
    return E.left([preprocessing, tokenizer, weights].flatMap((part) => (E.isLeft(part) ? part.left : [])))
  }

/** A name for a model whose configuration gives none: that of its folder, in the letters that ids have. */
const idOf = (folder: string): string =>
  basename(resolve(folder))
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '') || 'model'

const readPreprocessing = async (files: Files, path: string): Promise<E.Either<readonly FileError[], Preprocessing>> => {
  try {
    await files.stat(path)
  } catch (error) {
    if (isMissing(error)) return E.right(clipPreprocessing)
  }
  const config = await readJson(files)(path)
  if (E.isLeft(config)) return E.left([config.left])
  const { preprocessing, problems } = preprocessingOf(config.right)
  return problems.length === 0 ? E.right(preprocessing) : E.left(problems.map((message) => ({ path, message })))
}

const tokenizerIn = (path: string, json: Json, config: Json, model: ModelSpec): E.Either<readonly FileError[], Tokenizer> => {
  const tokenizer = tokenizerOf(json, config)
  if (E.isLeft(tokenizer)) return E.left([{ path, message: tokenizer.left }])
  const { size } = tokenizer.right
  if (size <= model.decoder.vocab) return tokenizer
  return E.left([{ path, message: `has ${size} tokens, but the model has embeddings for ${model.decoder.vocab}; it belongs to another model` }])
}

/** What a model folder is made of. */
export interface NewModelFolder {
  readonly model: ModelSpec
  /** The base's tensors by their names in memory; others (experts, routers, locators) are left out. */
  readonly weights: Tensors
  readonly tokenizer: TokenizerFiles
  readonly conversation: Conversation
  readonly preprocessing: Preprocessing
}

/** Writes a model folder that Hugging Face code reads as well. Each file is whole or not there; the weights come last. */
export const writeModelFolder =
  (files: Files = nodeFiles) =>
  async (
    folder: string,
    { model, weights, tokenizer, conversation, preprocessing }: NewModelFolder,
    options: WriteOptions = {},
  ): Promise<E.Either<FileError, void>> => {
    const made = await attempt(folder, () => mkdir(folder, { recursive: true }))
    if (E.isLeft(made)) return made
    const loaded = tokenizerOf(tokenizer.tokenizer, tokenizer.config)
    if (E.isLeft(loaded)) return E.left({ path: join(folder, names.tokenizer), message: loaded.left })
    const { bos, eos, special } = loaded.right
    const documents: readonly (readonly [string, Json])[] = [
      [names.config, configOf(model, { bos, eos, pad: special.pad ?? eos, image: special.image ?? loaded.right.size }, conversation)],
      [names.tokenizer, tokenizer.tokenizer],
      [names.tokenizerConfig, tokenizer.config],
      [names.preprocessor, preprocessorConfig(preprocessing, model.vision.image)],
    ]
    for (const [name, document] of documents) {
      const written = await writeJson(files)(join(folder, name), document)
      if (E.isLeft(written)) return written
    }
    const base = Object.entries(weights).filter(([name]) => /^(model|lm_head)\./.test(name))
    const inFile = Object.fromEntries(base.map(([name, tensor]) => [nameInFile(name), tensor]))
    return writeSafetensors(files)(join(folder, weightsFile), inFile, { ...options, metadata: { format: 'pt', ...options.metadata } })
  }
