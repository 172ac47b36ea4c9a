// Products of matrices, and of the heads of attention: who computes which part of them.
#include "gemm.h"

// A part of one product: of its rows if there are more of them, else of its columns.
static void multiply_share(product p, float *scratch, i32 part, i32 parts) {
  if (p.m >= p.n) {
    const range r = share(p.m, TILE_ROWS, part, parts);
    p.a += r.from * p.a_row;
    p.c += r.from * p.c_row;
    p.m = r.to - r.from;
  } else {
    const range r = share(p.n, 2 * TILE_COLUMNS, part, parts);
    p.b += r.from * p.b_column;
    p.c += r.from;
    p.n = r.to - r.from;
  }
  multiply(&p, scratch);
}

// What a thread needs for packing, in floats.
__attribute__((export_name("scratch_floats"))) i32 scratch_floats(void) { return SCRATCH_FLOATS; }

// a, b, y, m, n, k, transposeA, transposeB
KERNEL(mat_mul) {
  const i32 m = p[3], n = p[4], k = p[5], ta = p[6], tb = p[7];
  const product whole = {.m = m, .n = n, .k = k, .a = IN(0), .a_row = ta ? 1 : k, .a_column = ta ? m : 1, .b = IN(1), .b_row = tb ? 1 : n, .b_column = tb ? k : 1, .c = OUT(2), .c_row = n, .factor = 1};
  multiply_share(whole, scratch, part, parts);
}

// Attention's products are small: each head of each sample is one, and a part is whole ones.
typedef struct {
  i32 batch, heads, kv_heads, t, s, d;
  float scale;
} attention;

INLINE attention attention_of(const i32 *p) { return (attention){p[0], p[1], p[2], p[3], p[4], p[5], as_float(p[6])}; }

// a, b, y, batch, heads, kvHeads, T, S, d, scale
KERNEL(head_scores) {
  const attention o = attention_of(p + 3);
  const range r = share(o.batch * o.heads, 1, part, parts);
  for (i32 i = r.from; i < r.to; i++) {
    const i32 sample = i / o.heads, head = i % o.heads, kv = head * o.kv_heads / o.heads;
    const product q = {
        .m = o.t, .n = o.s, .k = o.d,
        .a = IN(0) + (sample * o.t * o.heads + head) * o.d, .a_row = o.heads * o.d, .a_column = 1,
        .b = IN(1) + (sample * o.s * o.kv_heads + kv) * o.d, .b_row = 1, .b_column = o.kv_heads * o.d,
        .c = OUT(2) + i * o.t * o.s, .c_row = o.s, .factor = o.scale,
    };
    multiply(&q, scratch);
  }
}

// p, v, y, ...
KERNEL(head_mix) {
  const attention o = attention_of(p + 3);
  const range r = share(o.batch * o.heads, 1, part, parts);
  for (i32 i = r.from; i < r.to; i++) {
    const i32 sample = i / o.heads, head = i % o.heads, kv = head * o.kv_heads / o.heads;
    const product q = {
        .m = o.t, .n = o.d, .k = o.s,
        .a = IN(0) + i * o.t * o.s, .a_row = o.s, .a_column = 1,
        .b = IN(1) + (sample * o.s * o.kv_heads + kv) * o.d, .b_row = o.kv_heads * o.d, .b_column = 1,
        .c = OUT(2) + (sample * o.t * o.heads + head) * o.d, .c_row = o.heads * o.d, .factor = o.scale,
    };
    multiply(&q, scratch);
  }
}

// p, x, y, ...: the heads of a group are summed in order, the last one scales.
KERNEL(head_mix_transposed) {
  const attention o = attention_of(p + 3);
  const i32 group = o.heads / o.kv_heads;
  const range r = share(o.batch * o.kv_heads, 1, part, parts);
  for (i32 i = r.from; i < r.to; i++) {
    const i32 sample = i / o.kv_heads, kv = i % o.kv_heads;
    for (i32 g = 0; g < group; g++) {
      const i32 head = kv * group + g;
      const product q = {
          .m = o.s, .n = o.d, .k = o.t,
          .a = IN(0) + (sample * o.heads + head) * o.t * o.s, .a_row = 1, .a_column = o.s,
          .b = IN(1) + (sample * o.t * o.heads + head) * o.d, .b_row = o.heads * o.d, .b_column = 1,
          .c = OUT(2) + (sample * o.s * o.kv_heads + kv) * o.d, .c_row = o.kv_heads * o.d,
          .factor = g == group - 1 ? o.scale : 1, .onto = g > 0,
      };
      multiply(&q, scratch);
    }
  }
}
