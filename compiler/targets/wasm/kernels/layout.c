// Ops that move numbers and compute none.
#include "base.h"

static void copy(const float *x, float *y, i32 n) {
  if (n < 64) EACH(n, { STORE(y, LOAD(x)); })
  else __builtin_memcpy(y, x, (u32)n * 4);
}

static void zero(float *y, i32 n) {
  const v4 nothing = splat(0);
  EACH(n, { STORE(y, nothing); })
}

// x, y, rows, columns, x's row stride, y's row stride. A single row is shared by its columns.
KERNEL(copy_rows) {
  const i32 rows = p[2], columns = p[3];
  if (rows == 1) {
    const range r = share(columns, 1024, part, parts);
    if (r.to > r.from) copy(IN(0) + r.from, OUT(1) + r.from, r.to - r.from);
    return;
  }
  const range r = share(rows, 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) copy(IN(0) + m * p[4], OUT(1) + m * p[5], columns);
}

// y, rows, columns, y's row stride
KERNEL(zero_rows) {
  const range r = share(p[1], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) zero(OUT(0) + m * p[3], p[2]);
}

// An id that names no row: said to the host, which throws. Nothing outside the table is ever read or written.
static i32 stray;
__attribute__((export_name("stray"))) i32 take_stray(void) { return __atomic_exchange_n(&stray, 0, __ATOMIC_SEQ_CST); }
void report_stray(void) { __atomic_store_n(&stray, 1, __ATOMIC_SEQ_CST); }

INLINE i32 row_of(i32 id, i32 rows) {
  if (id >= 0 && id < rows) return 1;
  if (id != -1) report_stray();
  return 0;
}

// table, ids, y, n, width, rows of the table
KERNEL(gather) {
  const i32 width = p[4];
  const range r = share(p[3], 1, part, parts);
  for (i32 i = r.from; i < r.to; i++) {
    const i32 id = IDS(1)[i];
    if (row_of(id, p[5])) copy(IN(0) + id * width, OUT(2) + i * width, width);
    else zero(OUT(2) + i * width, width);
  }
}

// ids, dy, y, n, width, rows of y. A part is columns, so each sum is made in the order of the ids.
KERNEL(scatter_add) {
  const i32 width = p[4], rows = p[5];
  const range c = share(width, 16, part, parts);
  const i32 columns = c.to - c.from;
  for (i32 m = 0; m < rows; m++) zero(OUT(2) + m * width + c.from, columns);
  for (i32 i = 0; i < p[3]; i++) {
    const i32 id = IDS(0)[i];
    if (!row_of(id, rows)) continue;
    const float *x = IN(1) + i * width + c.from;
    float *y = OUT(2) + id * width + c.from;
    EACH(columns, { STORE(y, add4(LOAD(y), LOAD(x))); })
  }
}

// cache (or the same place as y), rows, ids, y, n, width, rows of the cache. A part is rows of the cache, so of rows with one id the last stays.
KERNEL(put) {
  const i32 width = p[5];
  const range r = share(p[6], 1, part, parts);
  if (p[0] != p[3] && r.to > r.from) copy(IN(0) + r.from * width, OUT(3) + r.from * width, (r.to - r.from) * width);
  for (i32 i = 0; i < p[4]; i++) {
    const i32 id = IDS(2)[i];
    if (row_of(id, p[6]) && id >= r.from && id < r.to) copy(IN(1) + i * width, OUT(3) + id * width, width);
  }
}
