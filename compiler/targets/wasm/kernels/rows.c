// Ops on the rows or the columns of a matrix [M, N].
#include "base.h"

#define EACH_ROW(rows, ...)                                                                                                      \
  {                                                                                                                              \
    const range r = share(rows, 1, part, parts);                                                                             \
    for (i32 m = r.from; m < r.to; m++) __VA_ARGS__                                                                                     \
  }

// x, row, y, m, n
KERNEL(add_row) {
  const i32 n = p[4];
  const float *b = IN(1);
  EACH_ROW(p[3], {
    const float *x = IN(0) + m * n;
    float *y = OUT(2) + m * n;
    EACH(n, { STORE(y, add4(LOAD(x), LOAD(b))); })
  })
}

KERNEL(mul_row) {
  const i32 n = p[4];
  const float *b = IN(1);
  EACH_ROW(p[3], {
    const float *x = IN(0) + m * n;
    float *y = OUT(2) + m * n;
    EACH(n, { STORE(y, mul4(LOAD(x), LOAD(b))); })
  })
}

INLINE float total(const float *x, i32 n) {
  v4 s = splat(0);
  EACH(n, { s = add4(s, LOAD(x)); })
  return sum_lanes(s);
}

// x, y, m, n
KERNEL(row_sum) {
  const i32 n = p[3];
  EACH_ROW(p[2], { OUT(1)[m] = total(IN(0) + m * n, n); })
}

// s, y, m, n
KERNEL(repeat_column) {
  const i32 n = p[3];
  EACH_ROW(p[2], {
    const v4 s = load_splat(IN(0) + m);
    float *y = OUT(1) + m * n;
    EACH(n, { STORE(y, s); })
  })
}

// b, y, m, n
KERNEL(repeat_row) {
  const i32 n = p[3];
  const float *b = IN(0);
  EACH_ROW(p[2], {
    float *y = OUT(1) + m * n;
    EACH(n, { STORE(y, LOAD(b)); })
  })
}

// x, y, m, n
KERNEL(column_sum) {
  const i32 rows = p[2], n = p[3];
  const range c = share(n, 16, part, parts);
  float *y = OUT(1) + c.from;
  EACH(c.to - c.from, {
    const float *x = IN(0) + c.from;
    v4 s = splat(0);
    for (i32 m = 0; m < rows; m++, x += n) s = add4(s, LOAD(x));
    STORE(y, s);
  })
}

// x, y, n. One part: a sum of partial sums would depend on their number. Blocks are added in double, so that a long sum stays as exact as a short one.
KERNEL(sum) {
  const i32 n = p[2];
  double s = 0;
  for (i32 from = 0; from < n; from += 1024) s += total(IN(0) + from, n - from < 1024 ? n - from : 1024);
  *OUT(1) = (float)s;
}
