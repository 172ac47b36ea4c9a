// Rotary positions: each head is two halves, turned by the angles of its row.
#include "base.h"

// x, cos, sin, y, rows, heads, half, sign of the sine
KERNEL(rotary) {
  const i32 heads = p[5], half = p[6];
  const v4 sign = splat(FLOAT(7));
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *cos = IN(1) + m * half, *sin = IN(2) + m * half;
    for (i32 h = 0; h < heads; h++) {
      const float *x = IN(0) + (m * heads + h) * 2 * half, *z = x + half;
      float *y = OUT(3) + (m * heads + h) * 2 * half, *w = y + half;
      EACH(half, {
        const v4 a = LOAD(x), b = LOAD(z), c = LOAD(cos), s = mul4(LOAD(sin), sign);
        STORE(y, sub4(mul4(a, c), mul4(b, s)));
        STORE(w, add4(mul4(b, c), mul4(a, s)));
      })
    }
  }
}
