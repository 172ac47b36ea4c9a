// C = A B on one thread. Every element is the sum over k in order, one rounding after each multiplication and each addition: whatever the
// tile, the block, the number of rows or of threads, the same bits. So a token decoded alone equals the token in its batch,
// and columns or trailing terms of zero that growth adds leave all others as they were.
#include "gemm.h"

enum { FEW_ROWS = 5, CACHED = 1 << 18 };

// One tile of C, its sums in registers: eight columns (sums s, t) of ROWS rows. Written out by the preprocessor, for clang leaves
// arrays of vectors in memory; functions of their own, for V8 gives out registers best in small ones. Five rows by eight columns
// are ten sums, two of B, one of A and one product: as many as V8 keeps in registers (six rows spill: 35 -> 22 GFLOP/s).
#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_3(DO) ROWS_2(DO) DO(2)
#define ROWS_4(DO) ROWS_3(DO) DO(3)
#define ROWS_5(DO) ROWS_4(DO) DO(4)
#define ZERO2(r) v4 s##r = splat(0), t##r = s##r;
#define FETCH2(r) s##r = load(c + r * c_row), t##r = load(c + r * c_row + 4);
#define TERM2(r)                                                                                                                 \
  {                                                                                                                              \
    const v4 x = load_splat(a + r * a_row);                                                                                      \
    s##r = add4(s##r, mul4(x, y)), t##r = add4(t##r, mul4(x, z));                                                                \
  }
#define KEEP2(r) store(c + r * c_row, mul4(s##r, factor)), store(c + r * c_row + 4, mul4(t##r, factor));
#define TILE2(ROWS)                                                                                                              \
  ROWS_##ROWS(ZERO2) if (onto) { ROWS_##ROWS(FETCH2) }                                                                           \
  _Pragma("nounroll") for (; k; k--, a += a_step, b += b_step) {                                                                 \
    const v4 y = load(b), z = load(b + 4);                                                                                       \
    ROWS_##ROWS(TERM2)                                                                                                           \
  }                                                                                                                              \
  ROWS_##ROWS(KEEP2)

#define PACKED(ROWS)                                                                                                             \
  static __attribute__((noinline)) void packed##ROWS(i32 k, const float *a, const float *b, float *c, i32 c_row, i32 onto, v4 factor) {                    \
    enum { a_row = 1, a_step = ROWS, b_step = TILE_COLUMNS };                                                                    \
    TILE2(ROWS)                                                                                                                  \
  }
PACKED(1)
PACKED(2)
PACKED(3)
PACKED(4)
PACKED(5)

INLINE void packed(i32 rows, i32 k, const float *a, const float *b, float *c, i32 c_row, i32 onto, v4 factor) {
  switch (rows) {
    case 5: packed5(k, a, b, c, c_row, onto, factor); break;
    case 4: packed4(k, a, b, c, c_row, onto, factor); break;
    case 3: packed3(k, a, b, c, c_row, onto, factor); break;
    case 2: packed2(k, a, b, c, c_row, onto, factor); break;
    default: packed1(k, a, b, c, c_row, onto, factor);
  }
}

// A tile that hangs over the right edge of C: computed beside it, and the columns that exist copied.
static void packed_edge(i32 rows, i32 columns, i32 k, const float *a, const float *b, float *c, i32 c_row, i32 onto, v4 factor) {
  float whole[TILE_ROWS * TILE_COLUMNS];
  for (i32 r = 0; onto && r < rows; r++)
    for (i32 n = 0; n < columns; n++) whole[r * TILE_COLUMNS + n] = c[r * c_row + n];
  packed(rows, k, a, b, whole, TILE_COLUMNS, onto, factor);
  for (i32 r = 0; r < rows; r++)
    for (i32 n = 0; n < columns; n++) c[r * c_row + n] = whole[r * TILE_COLUMNS + n];
}

// Columns of B, eight at a time, row by row; missing columns are zero.
static void pack_b(const float *b, i32 row, i32 column, i32 k, i32 n, float *to) {
  for (i32 from = 0; from < n; from += TILE_COLUMNS, to += k * TILE_COLUMNS) {
    const float *x = b + from * column;
    const i32 width = n - from < TILE_COLUMNS ? n - from : TILE_COLUMNS;
    i32 i = 0;
    if (width == TILE_COLUMNS && column == 1)
      for (; i < k; i++) {
        store(to + i * 8, load(x + i * row));
        store(to + i * 8 + 4, load(x + i * row + 4));
      }
    else if (width == TILE_COLUMNS && row == 1)
      for (; i + 4 <= k; i += 4)
        for (i32 half = 0; half < 8; half += 4) {
          const float *y = x + half * column + i;
          v4 p = load(y), q = load(y + column), r = load(y + 2 * column), s = load(y + 3 * column);
          transpose4(&p, &q, &r, &s);
          float *z = to + i * 8 + half;
          store(z, p);
          store(z + 8, q);
          store(z + 16, r);
          store(z + 24, s);
        }
    for (; i < k; i++)
      for (i32 j = 0; j < TILE_COLUMNS; j++) to[i * TILE_COLUMNS + j] = j < width ? x[i * row + j * column] : 0;
  }
}

// Rows of A, five at a time, column by column; the last panel is as narrow as the rows that are left.
static void pack_a(const float *a, i32 row, i32 column, i32 m, i32 k, float *to) {
  for (i32 from = 0; from < m; from += TILE_ROWS, to += k * TILE_ROWS) {
    const float *x = a + from * row;
    const i32 height = m - from < TILE_ROWS ? m - from : TILE_ROWS;
    i32 i = 0;
    if (height == TILE_ROWS && row == 1)
      for (; i < k; i++) {
        store(to + i * 5, load(x + i * column));
        to[i * 5 + 4] = x[i * column + 4];
      }
    else if (height == TILE_ROWS && column == 1)
      for (; i + 4 <= k; i += 4) {
        const float *y = x + i;
        v4 p = load(y), q = load(y + row), r = load(y + 2 * row), s = load(y + 3 * row);
        const v4 t = load(y + 4 * row);
        transpose4(&p, &q, &r, &s);
        float *z = to + i * 5;
        store(z, p), wasm_v128_store32_lane(z + 4, t, 0);
        store(z + 5, q), wasm_v128_store32_lane(z + 9, t, 1);
        store(z + 10, r), wasm_v128_store32_lane(z + 14, t, 2);
        store(z + 15, s), wasm_v128_store32_lane(z + 19, t, 3);
      }
    for (; i < k; i++)
      for (i32 j = 0; j < height; j++) to[i * height + j] = x[i * column + j * row];
  }
}

// Packed operands in blocks that stay in the caches.
static void multiply_packed(const product *p, float *scratch) {
  float *pa = scratch, *pb = scratch + A_FLOATS;
  const i32 blocks = (p->k + BLOCK_K - 1) / BLOCK_K, block = blocks ? ((p->k + blocks - 1) / blocks + 3) & ~3 : 0;
  for (i32 n0 = 0; n0 < p->n; n0 += BLOCK_N) {
    const i32 nn = p->n - n0 < BLOCK_N ? p->n - n0 : BLOCK_N;
    for (i32 k0 = 0; k0 < p->k; k0 += block) {
      const i32 kk = p->k - k0 < block ? p->k - k0 : block, onto = p->onto || k0 > 0;
      const v4 factor = splat(k0 + kk == p->k ? p->factor : 1);
      pack_b(p->b + k0 * p->b_row + n0 * p->b_column, p->b_row, p->b_column, kk, nn, pb);
      for (i32 m0 = 0; m0 < p->m; m0 += BLOCK_M) {
        const i32 mm = p->m - m0 < BLOCK_M ? p->m - m0 : BLOCK_M;
        pack_a(p->a + m0 * p->a_row + k0 * p->a_column, p->a_row, p->a_column, mm, kk, pa);
        for (i32 n = 0; n < nn; n += TILE_COLUMNS)
          for (i32 m = 0; m < mm; m += TILE_ROWS) {
            const i32 rows = mm - m < TILE_ROWS ? mm - m : TILE_ROWS, columns = nn - n;
            float *c = p->c + (m0 + m) * p->c_row + n0 + n;
            if (columns >= TILE_COLUMNS) packed(rows, kk, pa + m * kk, pb + n * kk, c, p->c_row, onto, factor);
            else packed_edge(rows, columns, kk, pa + m * kk, pb + n * kk, c, p->c_row, onto, factor);
          }
      }
    }
  }
}

// Few rows: B is read where it lies, packing would cost more than it gives back. Sixteen columns (sums s, t, u, v), or eight.
#define ZERO4(r) v4 s##r = splat(0), t##r = s##r, u##r = s##r, v##r = s##r;
#define FETCH4(r) FETCH2(r) u##r = load(c + r * c_row + 8), v##r = load(c + r * c_row + 12);
#define TERM4(r)                                                                                                                 \
  {                                                                                                                              \
    const v4 x = load_splat(a + r * a_row);                                                                                      \
    s##r = add4(s##r, mul4(x, b0)), t##r = add4(t##r, mul4(x, b1)), u##r = add4(u##r, mul4(x, b2)), v##r = add4(v##r, mul4(x, b3)); \
  }
#define KEEP4(r) KEEP2(r) store(c + r * c_row + 8, mul4(u##r, factor)), store(c + r * c_row + 12, mul4(v##r, factor));
#define TILE4(ROWS)                                                                                                              \
  ROWS_##ROWS(ZERO4) if (onto) { ROWS_##ROWS(FETCH4) }                                                                           \
  _Pragma("nounroll") for (; k; k--, a += a_step, b += b_step) {                                                                 \
    const v4 b0 = load(b), b1 = load(b + 4), b2 = load(b + 8), b3 = load(b + 12);                                                \
    ROWS_##ROWS(TERM4)                                                                                                           \
  }                                                                                                                              \
  ROWS_##ROWS(KEEP4)

#define FEW(ROWS, TILE)                                                                                                          \
  static __attribute__((noinline)) void few##ROWS(const product *p, i32 n) {                                                                               \
    i32 k = p->k;                                                                                                                \
    const i32 a_row = p->a_row, a_step = p->a_column, b_step = p->b_row, c_row = p->c_row, onto = p->onto;                       \
    const float *a = p->a, *b = p->b + n;                                                                                        \
    float *c = p->c + n;                                                                                                         \
    const v4 factor = splat(p->factor);                                                                                          \
    TILE(ROWS)                                                                                                                   \
  }
FEW(1, TILE4)
FEW(2, TILE4)
FEW(3, TILE4)
FEW(4, TILE2)
FEW(5, TILE2)

static void one_column(const product *p, i32 n) {
  for (i32 m = 0; m < p->m; m++) {
    const float *a = p->a + m * p->a_row, *b = p->b + n * p->b_column;
    float *c = p->c + m * p->c_row + n, s = p->onto ? *c : 0;
    for (i32 k = 0; k < p->k; k++) s += a[k * p->a_column] * b[k * p->b_row];
    *c = s * p->factor;
  }
}

// Rows of B are contiguous.
static void few_rows(const product *p) {
  const i32 step = p->m <= 3 ? 16 : 8;
  i32 n = 0;
  for (; n + step <= p->n; n += step) switch (p->m) {
      case 1: few1(p, n); break;
      case 2: few2(p, n); break;
      case 3: few3(p, n); break;
      case 4: few4(p, n); break;
      default: few5(p, n);
    }
  for (; n < p->n; n++) one_column(p, n);
}

// Columns of B are contiguous (weights as [out, in]): four columns by four terms are turned in registers, then added term by term.
// One row of A takes four groups of columns at once (sums s, t, u, v); more rows take one group and share its turning. A B that is larger than
// the cache (CACHED floats) is read as four streams, not sixteen, for its sake: 8 -> 13 GB/s.
#define TURN(y, x)                                                                                                               \
  v4 y##0 = load(x), y##1 = load(x + column), y##2 = load(x + 2 * column), y##3 = load(x + 3 * column);                          \
  transpose4(&y##0, &y##1, &y##2, &y##3);
#define FOUR_TERMS(s, y, a) s = add4(add4(add4(add4(s, mul4(load_splat(a), y##0)), mul4(load_splat(a + a_column), y##1)), mul4(load_splat(a + 2 * a_column), y##2)), mul4(load_splat(a + 3 * a_column), y##3));
#define COLUMN(x) wasm_f32x4_make((x)[0], (x)[column], (x)[2 * column], (x)[3 * column])

static __attribute__((noinline)) void turned_row(const product *p, i32 n) {
  const i32 column = p->b_column, a_column = p->a_column;
  const float *a = p->a, *b = p->b + n * column, *b1 = b + 4 * column, *b2 = b + 8 * column, *b3 = b + 12 * column;
  float *c = p->c + n;
  v4 s = splat(0), t = s, u = s, v = s;
  if (p->onto) s = load(c), t = load(c + 4), u = load(c + 8), v = load(c + 12);
  i32 k = p->k;
  for (; k >= 4; k -= 4, a += 4 * a_column, b += 4, b1 += 4, b2 += 4, b3 += 4) {
    TURN(y, b) FOUR_TERMS(s, y, a)
    TURN(z, b1) FOUR_TERMS(t, z, a)
    TURN(w, b2) FOUR_TERMS(u, w, a)
    TURN(x, b3) FOUR_TERMS(v, x, a)
  }
  for (; k; k--, a += a_column, b++, b1++, b2++, b3++) {
    const v4 x = load_splat(a);
    s = add4(s, mul4(x, COLUMN(b))), t = add4(t, mul4(x, COLUMN(b1))), u = add4(u, mul4(x, COLUMN(b2))), v = add4(v, mul4(x, COLUMN(b3)));
  }
  const v4 factor = splat(p->factor);
  store(c, mul4(s, factor)), store(c + 4, mul4(t, factor)), store(c + 8, mul4(u, factor)), store(c + 12, mul4(v, factor));
}

#define ZERO1(r) v4 s##r = splat(0);
#define FETCH1(r) s##r = load(c + r * c_row);
#define TURNED1(r) FOUR_TERMS(s##r, y, (a + r * a_row))
#define TERM1(r) s##r = add4(s##r, mul4(load_splat(a + r * a_row), y));
#define KEEP1(r) store(c + r * c_row, mul4(s##r, factor));
#define TURNED(ROWS)                                                                                                             \
  static __attribute__((noinline)) void turned##ROWS(const product *p, i32 n) {                                                                            \
    i32 k = p->k;                                                                                                                \
    const i32 column = p->b_column, a_row = p->a_row, a_column = p->a_column, c_row = p->c_row;                                  \
    const float *a = p->a, *b = p->b + n * column;                                                                               \
    float *c = p->c + n;                                                                                                         \
    ROWS_##ROWS(ZERO1) if (p->onto) { ROWS_##ROWS(FETCH1) }                                                                      \
    for (; k >= 4; k -= 4, a += 4 * a_column, b += 4) { TURN(y, b) ROWS_##ROWS(TURNED1) }                                        \
    for (; k; k--, a += a_column, b++) {                                                                                         \
      const v4 y = COLUMN(b);                                                                                                    \
      ROWS_##ROWS(TERM1)                                                                                                         \
    }                                                                                                                            \
    const v4 factor = splat(p->factor);                                                                                          \
    ROWS_##ROWS(KEEP1)                                                                                                           \
  }
TURNED(1)
TURNED(2)
TURNED(3)
TURNED(4)
TURNED(5)

static void few_rows_turned(const product *p) {
  i32 n = 0;
  if (p->m == 1 && (int64_t)p->n * p->k <= CACHED)
    for (; n + 16 <= p->n; n += 16) turned_row(p, n);
  for (; n + 4 <= p->n; n += 4) switch (p->m) {
      case 1: turned1(p, n); break;
      case 2: turned2(p, n); break;
      case 3: turned3(p, n); break;
      case 4: turned4(p, n); break;
      default: turned5(p, n);
    }
  for (; n < p->n; n++) one_column(p, n);
}

void multiply(const product *p, float *scratch) {
  if (p->m <= 0 || p->n <= 0) return;
  if (p->k && p->m <= FEW_ROWS && p->b_column == 1) few_rows(p);
  else if (p->k && p->m <= FEW_ROWS && p->b_row == 1) few_rows_turned(p);
  else multiply_packed(p, scratch);
}
