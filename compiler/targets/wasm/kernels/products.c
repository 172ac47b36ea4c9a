// Products of matrices, and of the heads of attention: who computes which part of them.
#include "gemm.h"

// This thread's part of one product: rows if there are more of them, else columns.
static void multiply_share(product p, float *scratch, i32 thread, i32 threads) {
  if (p.m >= p.n) {
    const range r = share(p.m, TILE_ROWS, thread, threads);
    p.a += r.from * p.a_row;
    p.c += r.from * p.c_row;
    p.m = r.to - r.from;
  } else {
    const range r = share(p.n, 2 * TILE_COLUMNS, thread, threads);
    p.b += r.from * p.b_column;
    p.c += r.from;
    p.n = r.to - r.from;
  }
  multiply(&p, scratch);
}

// a, b, y, m, n, k, transposeA, transposeB, scratch, floats of scratch a thread
KERNEL(mat_mul) {
  const i32 m = p[3], n = p[4], k = p[5], ta = p[6], tb = p[7];
  const product whole = {.m = m, .n = n, .k = k, .a = IN(0), .a_row = ta ? 1 : k, .a_column = ta ? m : 1, .b = IN(1), .b_row = tb ? 1 : n, .b_column = tb ? k : 1, .c = OUT(2), .c_row = n, .factor = 1};
  multiply_share(whole, OUT(8) + thread * p[9], thread, threads);
}
