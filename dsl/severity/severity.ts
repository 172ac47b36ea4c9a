/**
 * What a change does to a model that has learnt tasks, from best to worst.
 *
 * - `function-preserving`: every earlier task computes what it computed, to the bit, and nothing was added;
 * - `capacity-adding`: as that, and there is more to learn with;
 * - `routing-changing`: an earlier task has its experts still and mixes them otherwise, or its samples may be taken for another's;
 * - `forgetting-risk`: an earlier task computes with something that it did not learn with, or lost what it learnt;
 * - `incompatible`: tensors that are kept do not fit any more, or what comes out is no good.
 */
export const severities = ['function-preserving', 'capacity-adding', 'routing-changing', 'forgetting-risk', 'incompatible'] as const

export type Severity = (typeof severities)[number]

/** Whether one severity is as bad as another, or worse. */
export const reaches = (severity: Severity, least: Severity): boolean => severities.indexOf(severity) >= severities.indexOf(least)

/** The worst of some; where there are none, all is preserved. */
export const worst = (found: readonly Severity[]): Severity => found.reduce((a, b) => (reaches(a, b) ? a : b), severities[0])
