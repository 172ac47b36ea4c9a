// Layer norm and root-mean-square norm, and their gradients. A column's gradient is summed in one part; the rows' statistics
// that it needs are computed again in each part, which is cheaper than to keep them.
#include "base.h"

typedef struct {
  float level, inverse;
} moments;

INLINE moments layer_moments(const float *x, i32 n, float epsilon) {
  v4 s = splat(0), q = s;
  EACH(n, { s = add4(s, LOAD(x)); })
  const float level = sum_lanes(s) / (float)n;
  i32 i = 0;
  for (; i + 4 <= n; i += 4) {
    const v4 d = sub4(load(x + i), splat(level));
    q = add4(q, mul4(d, d));
  }
  float square = sum_lanes(q);
  for (; i < n; i++) square += (x[i] - level) * (x[i] - level);
  return (moments){level, 1 / __builtin_sqrtf(square / (float)n + epsilon)};
}

INLINE moments rms_moments(const float *x, i32 n, float epsilon) {
  v4 q = splat(0);
  EACH(n, { const v4 d = LOAD(x); q = add4(q, mul4(d, d)); })
  return (moments){0, 1 / __builtin_sqrtf(sum_lanes(q) / (float)n + epsilon)};
}

// x, w, b, y, m, n, epsilon
KERNEL(layer_norm) {
  const i32 n = p[5];
  const float *w = IN(1), *b = IN(2);
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n;
    float *y = OUT(3) + m * n;
    const moments o = layer_moments(x, n, FLOAT(6));
    const v4 level = splat(o.level), inverse = splat(o.inverse);
    EACH(n, { STORE(y, add4(mul4(mul4(sub4(LOAD(x), level), inverse), LOAD(w)), LOAD(b))); })
  }
}

// x, w, y, m, n, epsilon
KERNEL(rms_norm) {
  const i32 n = p[4];
  const float *w = IN(1);
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n;
    float *y = OUT(2) + m * n;
    const v4 inverse = splat(rms_moments(x, n, FLOAT(5)).inverse);
    EACH(n, { STORE(y, mul4(mul4(LOAD(x), inverse), LOAD(w))); })
  }
}

// dx = inverse (du - mean(du) - u mean(du u)) with u the normalised row and du = dy w; without the mean of du for the root mean square.
INLINE void norm_grad(const float *x, const float *w, const float *dy, float *y, i32 n, moments o, i32 centred) {
  const v4 level = splat(o.level), inverse = splat(o.inverse);
  v4 s = splat(0), q = s;
  EACH(n, {
    const v4 du = mul4(LOAD(dy), LOAD(w));
    s = add4(s, du);
    q = add4(q, mul4(du, mul4(sub4(LOAD(x), level), inverse)));
  })
  const v4 mean = splat(centred ? sum_lanes(s) / (float)n : 0), slope = splat(sum_lanes(q) / (float)n);
  EACH(n, {
    const v4 u = mul4(sub4(LOAD(x), level), inverse);
    STORE(y, mul4(inverse, sub4(sub4(mul4(LOAD(dy), LOAD(w)), mean), mul4(u, slope))));
  })
}

// x, w, dy, y, m, n, epsilon
KERNEL(layer_norm_grad) {
  const i32 n = p[5];
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n;
    norm_grad(x, IN(1), IN(2) + m * n, OUT(3) + m * n, n, layer_moments(x, n, FLOAT(6)), 1);
  }
}

KERNEL(rms_norm_grad) {
  const i32 n = p[5];
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n;
    norm_grad(x, IN(1), IN(2) + m * n, OUT(3) + m * n, n, rms_moments(x, n, FLOAT(6)), 0);
  }
}

INLINE void scale_grad(const float *x, const float *dy, float *y, i32 n, moments o) {
  const v4 level = splat(o.level), inverse = splat(o.inverse);
  EACH(n, { STORE(y, add4(LOAD(y), mul4(LOAD(dy), mul4(sub4(LOAD(x), level), inverse)))); })
}

INLINE void no_grad(float *y, i32 n) {
  const v4 nothing = splat(0);
  EACH(n, { STORE(y, nothing); })
}

// x, dy, y, m, n, epsilon
KERNEL(layer_norm_grad_scale) {
  const i32 n = p[4];
  const range c = share(n, 16, part, parts);
  if (c.from == c.to) return;
  no_grad(OUT(2) + c.from, c.to - c.from);
  for (i32 m = 0; m < p[3]; m++) {
    const float *x = IN(0) + m * n;
    scale_grad(x + c.from, IN(1) + m * n + c.from, OUT(2) + c.from, c.to - c.from, layer_moments(x, n, FLOAT(5)));
  }
}

KERNEL(rms_norm_grad_scale) {
  const i32 n = p[4];
  const range c = share(n, 16, part, parts);
  if (c.from == c.to) return;
  no_grad(OUT(2) + c.from, c.to - c.from);
  for (i32 m = 0; m < p[3]; m++) {
    const float *x = IN(0) + m * n;
    scale_grad(x + c.from, IN(1) + m * n + c.from, OUT(2) + c.from, c.to - c.from, rms_moments(x, n, FLOAT(5)));
  }
}
