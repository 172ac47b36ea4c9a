// One training step of mini's decoder with experts of a new task, on our devices and on tfjs: node --import tsx bench/tfjs.ts
import { table } from '../cli/table.js'
import { race, raceRows } from './tfjs-race.js'

process.stdout.write(`${table(raceRows(await race(12)))}\n`)
process.exit(0)
