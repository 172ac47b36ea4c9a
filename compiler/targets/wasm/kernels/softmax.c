// Softmax along rows, and what ends in one: the cross entropy.
#include "curves.h"
void report_stray(void);

INLINE float highest(const float *x, i32 n) {
  v4 top = load_splat(x);
  i32 i = 0;
  for (; i + 4 <= n; i += 4) top = wasm_f32x4_max(top, load(x + i));
  for (; i < n; i++) top = wasm_f32x4_max(top, load_splat(x + i));
  return max_lanes(top);
}

// y = exp(x - top), lanes beyond n zero; returns the sum.
INLINE float powers(const float *x, float *y, i32 n, float top) {
  v4 s = splat(0);
  const v4 t = splat(top);
  i32 i = 0;
  for (; i + 4 <= n; i += 4) {
    const v4 e = exp4(sub4(load(x + i), t));
    s = add4(s, e);
    store(y + i, e);
  }
  if (i < n) {
    const v4 e = exp4(sub4(load_part(x + i, n - i), t));
    store_part(y + i, e, n - i);
    s = add4(s, load_part(y + i, n - i));
  }
  return sum_lanes(s);
}

INLINE void softmax_row(const float *x, float *y, i32 n) {
  const v4 scale = splat(1 / powers(x, y, n, highest(x, n)));
  EACH(n, { STORE(y, mul4(LOAD(y), scale)); })
}

// x, y, m, n
KERNEL(softmax) {
  const i32 n = p[3];
  const range r = share(p[2], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) softmax_row(IN(0) + m * n, OUT(1) + m * n, n);
}

// x, visible, y, rows, n, heads, T
KERNEL(masked_softmax) {
  const i32 n = p[4], heads = p[5], t = p[6];
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    i32 seen = IDS(1)[m / (heads * t) * t + m % t];
    if (seen < 1 || seen > n) report_stray(), seen = n;
    float *y = OUT(2) + m * n;
    softmax_row(IN(0) + m * n, y, seen);
    const v4 nothing = splat(0);
    y += seen;
    EACH(n - seen, { STORE(y, nothing); })
  }
}

// p, dp, y, m, n
KERNEL(softmax_grad) {
  const i32 n = p[4];
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *a = IN(0) + m * n, *b = IN(1) + m * n;
    float *y = OUT(2) + m * n;
    v4 s = splat(0);
    EACH(n, { s = add4(s, mul4(LOAD(a), LOAD(b))); })
    const v4 dot = splat(sum_lanes(s));
    EACH(n, { STORE(y, mul4(LOAD(a), sub4(LOAD(b), dot))); })
  }
}

INLINE i32 target_of(i32 target, i32 n) {
  if (target >= 0 && target < n) return target;
  report_stray();
  return 0;
}

// logits, targets, y, m, n
KERNEL(cross_entropy) {
  const i32 n = p[4];
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n, top = highest(x, n);
    const v4 t = splat(top);
    v4 s = splat(0);
    i32 i = 0;
    for (; i + 4 <= n; i += 4) s = add4(s, exp4(sub4(load(x + i), t)));
    float mass = sum_lanes(s);
    for (; i < n; i++) mass += exp1(x[i] - top);
    OUT(2)[m] = log1(mass) + (top - x[target_of(IDS(1)[m], n)]);
  }
}

// logits, targets, dy, y, m, n
KERNEL(cross_entropy_grad) {
  const i32 n = p[5];
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *x = IN(0) + m * n, dy = IN(2)[m];
    float *y = OUT(3) + m * n;
    const v4 scale = splat(dy / powers(x, y, n, highest(x, n)));
    EACH(n, { STORE(y, mul4(LOAD(y), scale)); })
    y[target_of(IDS(1)[m], n)] -= dy;
  }
}
