// Ops on tensors of one shape, element by element. Arguments: inputs, result, number of elements, attributes.
#include "curves.h"

#define ELEMENTWISE(name, result, count, ...)                                                                                    \
  KERNEL(name) {                                                                                                                 \
    float *y = OUT(result);                                                                                                      \
    const range r = share(p[count], 16, part, parts);                                                                        \
    y += r.from;                                                                                                                 \
    __VA_ARGS__                                                                                                                  \
  }
#define ONE(name, value)                                                                                                         \
  ELEMENTWISE(name, 1, 2, {                                                                                                      \
    const float *a = IN(0) + r.from;                                                                                             \
    EACH(r.to - r.from, { const v4 x = LOAD(a); STORE(y, value); })                                                              \
  })
#define TWO(name, value)                                                                                                         \
  ELEMENTWISE(name, 2, 3, {                                                                                                      \
    const float *a = IN(0) + r.from, *b = IN(1) + r.from;                                                                        \
    EACH(r.to - r.from, { const v4 x = LOAD(a), d = LOAD(b); STORE(y, value); })                                                 \
  })

TWO(add, add4(x, d))
TWO(mul, mul4(x, d))

ELEMENTWISE(scale, 1, 2, {
  const float *a = IN(0) + r.from;
  const v4 by = splat(FLOAT(3));
  EACH(r.to - r.from, { STORE(y, mul4(LOAD(a), by)); })
})

// x, s, y, n
ELEMENTWISE(scale_by, 2, 3, {
  const float *a = IN(0) + r.from;
  const v4 by = load_splat(IN(1));
  EACH(r.to - r.from, { STORE(y, mul4(LOAD(a), by)); })
})

// y, n, value
ELEMENTWISE(constant, 0, 1, {
  const v4 value = splat(FLOAT(2));
  EACH(r.to - r.from, { STORE(y, value); })
})

// s, y, n
ELEMENTWISE(fill, 1, 2, {
  const v4 value = load_splat(IN(0));
  EACH(r.to - r.from, { STORE(y, value); })
})

INLINE v4 slope_of_sigmoid(v4 s) { return mul4(s, sub4(splat(1), s)); }
INLINE v4 cumulative(v4 x) { return mul4(splat(0.5f), add4(splat(1), erf4(mul4(x, splat(0.70710678f))))); }
INLINE v4 density(v4 x) { return mul4(splat(0.39894228f), exp4(mul4(splat(-0.5f), mul4(x, x)))); }
INLINE v4 bent(v4 x) { return tanh4(mul4(splat(0.79788456f), add4(x, mul4(splat(0.044715f), mul4(x, mul4(x, x)))))); }
INLINE v4 positive(v4 x, v4 y) { return wasm_v128_and(y, wasm_f32x4_gt(x, splat(0))); }

INLINE v4 gelu_tanh_slope(v4 x) {
  const v4 t = bent(x), one = splat(1), inner = mul4(splat(0.79788456f), add4(one, mul4(splat(0.134145f), mul4(x, x))));
  return mul4(splat(0.5f), add4(add4(one, t), mul4(mul4(x, sub4(one, mul4(t, t))), inner)));
}

// The slope of x sigmoid(a x).
INLINE v4 sloped(v4 x, v4 a) {
  const v4 z = mul4(a, x), s = sigmoid4(z);
  return mul4(s, add4(splat(1), mul4(z, sub4(splat(1), s))));
}

ONE(map_exp, exp4(x))
ONE(map_gelu, mul4(x, cumulative(x)))
ONE(map_gelu_tanh, mul4(mul4(splat(0.5f), x), add4(splat(1), bent(x))))
ONE(map_quick_gelu, mul4(x, sigmoid4(mul4(splat(1.702f), x))))
ONE(map_relu, wasm_f32x4_max(x, splat(0)))
ONE(map_sigmoid, sigmoid4(x))
ONE(map_silu, mul4(x, sigmoid4(x)))
ONE(map_square, mul4(x, x))
ONE(map_tanh, tanh4(x))

TWO(map_grad_exp, mul4(d, exp4(x)))
TWO(map_grad_gelu, mul4(d, add4(cumulative(x), mul4(x, density(x)))))
TWO(map_grad_gelu_tanh, mul4(d, gelu_tanh_slope(x)))
TWO(map_grad_quick_gelu, mul4(d, sloped(x, splat(1.702f))))
TWO(map_grad_relu, positive(x, d))
TWO(map_grad_sigmoid, mul4(d, slope_of_sigmoid(sigmoid4(x))))
TWO(map_grad_silu, mul4(d, sloped(x, splat(1))))
TWO(map_grad_square, mul4(d, add4(x, x)))
TWO(map_grad_tanh, mul4(d, sub4(splat(1), mul4(tanh4(x), tanh4(x)))))

TWO(swiglu, mul4(mul4(x, sigmoid4(x)), d))

// gate, up, dy, result, n
ELEMENTWISE(swiglu_grad_gate, 3, 4, {
  const float *a = IN(0) + r.from;
  const float *b = IN(1) + r.from;
  const float *c = IN(2) + r.from;
  EACH(r.to - r.from, { STORE(y, mul4(mul4(LOAD(c), LOAD(b)), sloped(LOAD(a), splat(1)))); })
})

// m, g, y, n, beta, 1 - beta
ELEMENTWISE(ema, 2, 3, {
  const float *a = IN(0) + r.from;
  const float *b = IN(1) + r.from;
  const v4 beta = splat(FLOAT(4));
  const v4 rest = splat(FLOAT(5));
  EACH(r.to - r.from, { STORE(y, add4(mul4(beta, LOAD(a)), mul4(rest, LOAD(b)))); })
})

ELEMENTWISE(ema_square, 2, 3, {
  const float *a = IN(0) + r.from;
  const float *b = IN(1) + r.from;
  const v4 beta = splat(FLOAT(4));
  const v4 rest = splat(FLOAT(5));
  EACH(r.to - r.from, { const v4 g = LOAD(b); STORE(y, add4(mul4(beta, LOAD(a)), mul4(rest, mul4(g, g)))); })
})

// p, m, v, s, y, n, epsilon
ELEMENTWISE(adam_w, 4, 5, {
  const float *a = IN(0) + r.from;
  const float *m = IN(1) + r.from;
  const float *v = IN(2) + r.from;
  const float *s = IN(3);
  const v4 keep = splat(1 - s[1]);
  const v4 rate = splat(s[0]);
  const v4 first = splat(s[2]);
  const v4 second = splat(s[3]);
  const v4 epsilon = splat(FLOAT(6));
  EACH(r.to - r.from, {
    const v4 step = div4(mul4(rate, div4(LOAD(m), first)), add4(wasm_f32x4_sqrt(div4(LOAD(v), second)), epsilon));
    STORE(y, sub4(mul4(LOAD(a), keep), step));
  })
})

// n2, y, max
KERNEL(clip_factor) {
  const float factor = FLOAT(2) / (__builtin_sqrtf(*IN(0)) + 1e-6f);
  *OUT(1) = factor > 1 ? 1 : factor;
}
