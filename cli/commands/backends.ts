import { type Register, command, noFlags } from '../command.js'
import { failed, good } from '../outcome.js'
import type { BackendReport } from '../../compiler/targets/select.js'
import { table } from '../table.js'

const row = ({ name, device, refused, gigaflops, chosen }: BackendReport): readonly string[] => [
  `${chosen ? '*' : ' '} ${name}`,
  gigaflops === null ? '' : `${gigaflops.toFixed(1)} GFLOP/s`,
  refused === null ? `passed${device === null || device === name ? '' : `: ${device}`}` : `not used: ${refused.split('\n')[0] ?? ''}`,
]

export const backends: Register = (rack) =>
  command(
    rack,
    'backends',
    {
      summary: 'list what can compute here, how fast, and whether rightly',
      description:
        'Tests every backend on this machine: whether it loads, whether it computes what the reference computes, and how fast. The one marked * is what cmoe run takes.',
      example: 'cmoe backends',
    },
    noFlags,
    async () => {
      const runtime = await rack.runtime()
      const found = await runtime.backends()
      const text = table([['  backend', 'speed', 'self-test'], ...found.map(row)])
      return found.some(({ chosen }) => chosen) ? good(text, found) : failed(text, found)
    },
  )
