import { type FormTold, form } from './form.js'
import { type GrowthTold, growth } from './growth.js'
import { type ModelTold, model } from './model.js'
import { type PatchTold, patch } from './patch.js'
import { type PlacesTold, places } from './places.js'
import { type StudyTold, study } from './study.js'
import { type WeightsTold, weights } from './weights.js'
import type { Messages } from './message.js'

/** What each message has to be told. */
export interface Told extends FormTold, ModelTold, GrowthTold, PatchTold, WeightsTold, StudyTold, PlacesTold {}

/** Every message of the language. Wording is read in this folder and nowhere else. */
export const messages: Messages<Told> = { ...form, ...model, ...growth, ...patch, ...weights, ...study, ...places }
