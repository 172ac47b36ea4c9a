// Functions of one number on four lanes, as polynomials: about 1e-7 of relative error (test/compiler/wasm.curves.test.ts holds them to it).
#pragma once
#include "base.h"

#define POLYNOMIAL(p, x, c) p = add4(mul4(p, x), splat(c))

// x = k log 2 + r, |r| <= log(2) / 2; exp(r) by a polynomial (Cephes). k is rounded by adding a number whose last bit counts ones, which also
// leaves k as an integer in the bits. 0 below the smallest normal number, infinite from 88.4 on (0.4 early), NaN stays NaN.
INLINE v4 exp4(v4 x) {
  const v4 small = wasm_f32x4_lt(x, splat(-87.33654f)), large = wasm_f32x4_gt(x, splat(88.37f)), round = splat(12582912.0f);
  x = wasm_f32x4_pmax(wasm_f32x4_pmin(x, splat(88.37f)), splat(-87.33654f));
  const v4 shifted = add4(mul4(x, splat(1.44269504f)), round), k = sub4(shifted, round);
  const v4 r = sub4(sub4(x, mul4(k, splat(0.693359375f))), mul4(k, splat(-2.12194440e-4f)));
  v4 p = splat(1.9875691500e-4f);
  POLYNOMIAL(p, r, 1.3981999507e-3f);
  POLYNOMIAL(p, r, 8.3334519073e-3f);
  POLYNOMIAL(p, r, 4.1665795894e-2f);
  POLYNOMIAL(p, r, 1.6666665459e-1f);
  POLYNOMIAL(p, r, 5.0000001201e-1f);
  p = add4(add4(mul4(mul4(p, r), r), r), splat(1));
  // The bits of 12582912 vanish in the shift but for the exponent's bias, which is added: 2^k as a float.
  p = mul4(p, wasm_i32x4_add(wasm_i32x4_shl(shifted, 23), splat(1)));
  return wasm_v128_bitselect(splat(__builtin_inff()), wasm_v128_andnot(p, small), large);
}

INLINE float exp1(float x) { return wasm_f32x4_extract_lane(exp4(splat(x)), 0); }

INLINE v4 sigmoid4(v4 x) { return div4(splat(1), add4(splat(1), exp4(wasm_f32x4_neg(x)))); }

// A polynomial near 0, where 1 - 2 / (exp(2x) + 1) would lose its digits (Cephes).
INLINE v4 tanh4(v4 x) {
  const v4 z = mul4(x, x), far = sub4(splat(1), div4(splat(2), add4(exp4(add4(x, x)), splat(1))));
  v4 p = splat(-5.70498872745e-3f);
  POLYNOMIAL(p, z, 2.06390887954e-2f);
  POLYNOMIAL(p, z, -5.37397155531e-2f);
  POLYNOMIAL(p, z, 1.33314422036e-1f);
  POLYNOMIAL(p, z, -3.33332819422e-1f);
  const v4 near = add4(mul4(mul4(p, z), x), x);
  return wasm_v128_bitselect(near, far, wasm_f32x4_lt(wasm_f32x4_abs(x), splat(0.625f)));
}

// x P(x²) / Q(x²) on [-3.84, 3.84], beyond which erf is 1 in float32 (the rational approximation of XLA and Eigen).
INLINE v4 erf4(v4 x) {
  x = wasm_f32x4_pmax(wasm_f32x4_pmin(x, splat(3.832506856900711f)), splat(-3.832506856900711f));
  const v4 z = mul4(x, x);
  v4 p = splat(0.00022905065861350646f);
  POLYNOMIAL(p, z, 0.0034082910107109506f);
  POLYNOMIAL(p, z, 0.050955695062380861f);
  POLYNOMIAL(p, z, 0.18520832239976145f);
  POLYNOMIAL(p, z, 1.128379143519084f);
  v4 q = splat(-1.1791602954361697e-7f);
  POLYNOMIAL(q, z, 0.000023547966471313185f);
  POLYNOMIAL(q, z, 0.0010179625278914885f);
  POLYNOMIAL(q, z, 0.014070470171167667f);
  POLYNOMIAL(q, z, 0.11098505178285362f);
  POLYNOMIAL(q, z, 0.49746925110067538f);
  POLYNOMIAL(q, z, 1.0f);
  return div4(mul4(x, p), q);
}

// The natural logarithm of a positive normal number: x = 2^e m with m in [sqrt(1/2), sqrt(2)), log m by a polynomial (Cephes).
INLINE float log1(float x) {
  const i32 bits = __builtin_bit_cast(i32, x);
  float m = __builtin_bit_cast(float, (bits & 0x007fffff) | 0x3f000000), e = (float)((bits >> 23) - 126);
  if (m < 0.70710678f) e -= 1, m += m;
  m -= 1;
  const float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  p = p * m * z - 2.12194440e-4f * e - 0.5f * z;
  return m + p + 0.693359375f * e;
}
