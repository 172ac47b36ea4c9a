// What every kernel is written with: types, the four-lane vector, and how work is cut into parts.
#pragma once
#include <stdint.h>
#include <wasm_simd128.h>

typedef int32_t i32;
typedef uint32_t u32;
typedef v128_t v4;

// A kernel reads its arguments from the tape and does one part of the work. A part is whole rows, whole columns or whole
// tiles, never a part of a sum: so the bits of a result depend neither on the number of threads nor on who does what.
#define KERNEL(name) __attribute__((export_name(#name))) void name(const i32 *p, i32 part, i32 parts, float *scratch)
#define INLINE static inline __attribute__((always_inline))

#define IN(i) ((const float *)p[i])
#define IDS(i) ((const i32 *)p[i])
#define OUT(i) ((float *)p[i])
#define FLOAT(i) as_float(p[i])

INLINE float as_float(i32 bits) { return __builtin_bit_cast(float, bits); }

typedef struct {
  i32 from, to;
} range;

// One part of 0..n, cut at multiples of `unit`.
INLINE range share(i32 n, i32 unit, i32 part, i32 parts) {
  const int64_t units = (n + unit - 1) / unit;
  const i32 from = (i32)(units * part / parts) * unit, to = (i32)(units * (part + 1) / parts) * unit;
  return (range){from < n ? from : n, to < n ? to : n};
}

INLINE v4 load(const float *x) { return wasm_v128_load(x); }
INLINE void store(float *x, v4 v) { wasm_v128_store(x, v); }
INLINE v4 splat(float x) { return wasm_f32x4_splat(x); }
INLINE v4 load_splat(const float *x) { return wasm_v128_load32_splat(x); }
INLINE v4 add4(v4 a, v4 b) { return wasm_f32x4_add(a, b); }
INLINE v4 sub4(v4 a, v4 b) { return wasm_f32x4_sub(a, b); }
INLINE v4 mul4(v4 a, v4 b) { return wasm_f32x4_mul(a, b); }
INLINE v4 div4(v4 a, v4 b) { return wasm_f32x4_div(a, b); }

// The last one to three elements of a row, the other lanes zero.
INLINE v4 load_part(const float *x, i32 n) {
  v4 v = wasm_v128_load32_zero(x);
  if (n > 1) v = wasm_v128_load32_lane(x + 1, v, 1);
  if (n > 2) v = wasm_v128_load32_lane(x + 2, v, 2);
  return v;
}

INLINE void store_part(float *x, v4 v, i32 n) {
  wasm_v128_store32_lane(x, v, 0);
  if (n > 1) wasm_v128_store32_lane(x + 1, v, 1);
  if (n > 2) wasm_v128_store32_lane(x + 2, v, 2);
}

INLINE float sum_lanes(v4 v) {
  return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) + (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}

INLINE float max_lanes(v4 v) {
  const v4 a = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(wasm_f32x4_pmax(a, wasm_i32x4_shuffle(a, a, 1, 0, 3, 2)), 0);
}

// Four rows of four become four columns of four.
INLINE void transpose4(v4 *a, v4 *b, v4 *c, v4 *d) {
  const v4 p = wasm_i32x4_shuffle(*a, *b, 0, 4, 1, 5), q = wasm_i32x4_shuffle(*a, *b, 2, 6, 3, 7);
  const v4 r = wasm_i32x4_shuffle(*c, *d, 0, 4, 1, 5), s = wasm_i32x4_shuffle(*c, *d, 2, 6, 3, 7);
  *a = wasm_i64x2_shuffle(p, r, 0, 2);
  *b = wasm_i64x2_shuffle(p, r, 1, 3);
  *c = wasm_i64x2_shuffle(q, s, 0, 2);
  *d = wasm_i64x2_shuffle(q, s, 1, 3);
}

// Runs the body on every vector of 0..n: `i` is the index, `left` how many lanes count (4, or fewer at the end).
#define EACH(n, ...)                                                                                                             \
  {                                                                                                                              \
    i32 i = 0;                                                                                                                   \
    for (; i + 4 <= (n); i += 4) { const i32 left = 4; __VA_ARGS__ }                                                                    \
    if (i < (n)) { const i32 left = (n)-i; __VA_ARGS__ }                                                                                \
  }
#define LOAD(x) (left == 4 ? load((x) + i) : load_part((x) + i, left))
#define STORE(x, v)                                                                                                              \
  do {                                                                                                                           \
    if (left == 4) store((x) + i, v);                                                                                            \
    else store_part((x) + i, v, left);                                                                                           \
  } while (0)
