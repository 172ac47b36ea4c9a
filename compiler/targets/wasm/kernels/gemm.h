// The matrix product that all products are made of.
#pragma once
#include "base.h"

// C[m,n] = factor * (sum over k of A[m,k] B[k,n], added to what C holds if `onto`). A and B have any strides, C has unit column stride.
typedef struct {
  i32 m, n, k;
  const float *a;
  i32 a_row, a_column;
  const float *b;
  i32 b_row, b_column;
  float *c;
  i32 c_row;
  float factor;
  i32 onto;
} product;

enum { TILE_ROWS = 5, TILE_COLUMNS = 8, BLOCK_K = 384, BLOCK_M = 100, BLOCK_N = 1024, A_FLOATS = BLOCK_K * BLOCK_M, SCRATCH_FLOATS = A_FLOATS + BLOCK_K * BLOCK_N };

// `scratch` is the thread's own: SCRATCH_FLOATS.
void multiply(const product *p, float *scratch);
