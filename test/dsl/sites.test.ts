import { describe, expect, it } from 'vitest'
import { linearSize, llama, parseSite, readSite, siteOf, sitesOf } from '../../dsl/index.js'

const decoder = llama({ vocab: 8, width: 64, layers: 2, heads: 8, kvHeads: 2, headDim: 16, ffn: 100 })

describe('sites', () => {
  it('are named by block and linear', () => {
    expect(siteOf(3, 'ffn.up')).toBe('decoder.3.ffn.up')
    expect(parseSite('decoder.13.attn.q')).toEqual({ layer: 13, linear: 'attn.q' })
    expect(sitesOf(decoder)).toHaveLength(14)
    expect(sitesOf(decoder).map((id) => siteOf(parseSite(id).layer, parseSite(id).linear))).toEqual(sitesOf(decoder))
  })

  it.each([['decoder.03.ffn.up'], ['decoder.3.ffn'], ['vision.3.ffn.up'], ['decoder.-1.ffn.up'], ['decoder.3.ffn.up.x'], ['']])(
    'are not named like %j',
    (id) => {
      expect(readSite(id)).toBeUndefined()
      expect(() => parseSite(id)).toThrow('is no site')
    },
  )

  it('have the sizes of the layers beside them (transformers, LlamaAttention and LlamaMLP)', () =>
    expect(
      (['attn.q', 'attn.k', 'attn.v', 'attn.o', 'ffn.gate', 'ffn.up', 'ffn.down'] as const).map((linear) =>
        Object.values(linearSize(decoder, linear)),
      ),
    ).toEqual([
      [64, 128],
      [64, 32],
      [64, 32],
      [128, 64],
      [64, 100],
      [64, 100],
      [100, 64],
    ]))
})
