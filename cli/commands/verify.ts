import { type Register, command, noFlags } from '../command.js'
import { holdsRun, isFolder } from '../folders.js'
import { failed, good, mistake } from '../outcome.js'
import { progress } from '../progress/index.js'

export const verify: Register = (rack) =>
  command(
    rack,
    'verify <run>',
    {
      summary: 'prove that a run is what it says',
      description:
        'Recomputes every hash of a run folder, applies every growth plan to its parent, proves that no tensor of an earlier task changed by one bit, and looks whether base and stream are those that the run began with, if they are there. Exits 1 and names the file when something is not as it was written.',
      example: 'cmoe verify runs/minicoin',
    },
    noFlags,
    async ([dir = ''], _flags, context) => {
      if (!isFolder(dir)) return mistake(`${dir}: there is no such folder`)
      if (!holdsRun(dir)) return mistake(`${dir}: is no run; a run holds an experiment.json and a lineage.json`)
      const { verifyRun } = await rack.runtime()
      // For a machine the answer is all there is.
      const findings = await verifyRun(dir, context.json ? undefined : progress(context))
      const data = { run: dir, findings }
      return findings.length === 0
        ? good(`${dir}: every hash, every plan and every frozen tensor is as it was written`, data)
        : failed(findings.map(({ file, message }) => `${file}: ${message}`).join('\n'), data)
    },
  )
