// Experts: gates of routers, gated activations, and the balance of their use.
#include "curves.h"
void report_stray(void);

// exp((x - max) / temperature) of the k largest (the lower column among equals), over their sum; 0 for the others.
static void gates(const float *x, i32 n, i32 k, float temperature, float *y) {
  float top = x[0], sum = 0;
  for (i32 j = 1; j < n; j++) top = x[j] > top ? x[j] : top;
  for (i32 j = 0; j < n; j++) {
    i32 before = 0;
    for (i32 i = 0; k < n && i < n; i++) before += x[i] > x[j] || (x[i] == x[j] && i < j);
    y[j] = before < k ? exp1((x[j] - top) / temperature) : 0;
    sum += y[j];
  }
  for (i32 j = 0; j < n; j++) y[j] /= sum;
}

// The router of a row on the tape: where its logits begin, how many experts it sees, how many it keeps, temperature, their columns.
INLINE const i32 *router_of(const i32 *routers, i32 count, i32 task) {
  if (task < -1 || task >= count) report_stray();
  if (task < 0 || task >= count) return 0;
  const i32 *r = routers;
  for (i32 i = 0; i < task; i++) r += 4 + r[1];
  return r;
}

// logits, tasks, y, rows, columns of the logits, experts, number of routers, routers
KERNEL(route) {
  const i32 experts = p[5];
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    float *y = OUT(2) + m * experts;
    for (i32 e = 0; e < experts; e++) y[e] = 0;
    const i32 *router = router_of(p + 7, p[6], IDS(1)[m]);
    if (!router) continue;
    float g[router[1]];
    gates(IN(0) + m * p[4] + router[0], router[1], router[2], as_float(router[3]), g);
    for (i32 j = 0; j < router[1]; j++) y[router[4 + j]] = g[j];
  }
}

// logits, tasks, dy, y, rows, columns, experts, number of routers, routers
KERNEL(route_grad) {
  const i32 columns = p[5], experts = p[6];
  const range r = share(p[4], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    float *y = OUT(3) + m * columns;
    const float *dy = IN(2) + m * experts;
    for (i32 c = 0; c < columns; c++) y[c] = 0;
    const i32 *router = router_of(p + 8, p[7], IDS(1)[m]);
    if (!router) continue;
    float g[router[1]], dot = 0;
    gates(IN(0) + m * columns + router[0], router[1], router[2], as_float(router[3]), g);
    for (i32 j = 0; j < router[1]; j++) dot += g[j] * dy[router[4 + j]];
    for (i32 j = 0; j < router[1]; j++) y[router[0] + j] = g[j] * (dy[router[4 + j]] - dot) / as_float(router[3]);
  }
}

// u, g, y, rows, columns, experts, ranks
KERNEL(gate) {
  const i32 columns = p[4], experts = p[5], *ranks = p + 6;
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *u = IN(0) + m * columns, *g = IN(1) + m * experts;
    float *y = OUT(2) + m * columns;
    for (i32 e = 0; e < experts; e++) {
      const v4 by = load_splat(g + e);
      EACH(ranks[e], { STORE(y, mul4(LOAD(u), by)); })
      u += ranks[e], y += ranks[e];
    }
  }
}

// u, dy, y, rows, columns, experts, ranks
KERNEL(gate_grad) {
  const i32 columns = p[4], experts = p[5], *ranks = p + 6;
  const range r = share(p[3], 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    const float *u = IN(0) + m * columns, *d = IN(1) + m * columns;
    for (i32 e = 0; e < experts; e++) {
      v4 s = splat(0);
      EACH(ranks[e], { s = add4(s, mul4(LOAD(u), LOAD(d))); })
      OUT(2)[m * experts + e] = sum_lanes(s);
      u += ranks[e], d += ranks[e];
    }
  }
}

// Each expert's share of the top-k choices of the rows that the mask keeps; returns the number of those rows, at least 1.
static float usage(const float *x, const float *mask, i32 rows, i32 n, i32 k, float *shares) {
  float kept = 0;
  for (i32 m = 0; m < rows; m++) kept += mask[m];
  if (kept < 1) kept = 1;
  for (i32 e = 0; e < n; e++) {
    float chosen = 0;
    for (i32 m = 0; m < rows; m++) {
      const float *row = x + m * n;
      i32 before = 0;
      for (i32 i = 0; i < n; i++) before += row[i] > row[e] || (row[i] == row[e] && i < e);
      if (before < k) chosen += mask[m];
    }
    shares[e] = chosen / (kept * (float)k);
  }
  return kept;
}

// logits, mask, y, rows, n, k, temperature
KERNEL(balance) {
  const i32 rows = p[3], n = p[4];
  const float *x = IN(0), *mask = IN(1);
  float shares[n], row[n], used[n], y = 0;
  const float kept = usage(x, mask, rows, n, p[5], shares);
  for (i32 e = 0; e < n; e++) used[e] = 0;
  for (i32 m = 0; m < rows; m++) {
    gates(x + m * n, n, n, FLOAT(6), row);
    for (i32 e = 0; e < n; e++) used[e] += mask[m] * row[e];
  }
  for (i32 e = 0; e < n; e++) y += shares[e] * used[e] / kept;
  *OUT(2) = (float)n * y;
}

// logits, mask, dy, y, rows, n, k, temperature
KERNEL(balance_grad) {
  const i32 rows = p[4], n = p[5];
  const float *x = IN(0), *mask = IN(1), temperature = FLOAT(7);
  float shares[n], row[n];
  const float kept = usage(x, mask, rows, n, p[6], shares);
  const range r = share(rows, 1, part, parts);
  for (i32 m = r.from; m < r.to; m++) {
    gates(x + m * n, n, n, temperature, row);
    const float weight = *IN(2) * (float)n * mask[m] / (kept * temperature);
    float dot = 0;
    for (i32 e = 0; e < n; e++) dot += row[e] * shares[e];
    for (i32 e = 0; e < n; e++) OUT(3)[m * n + e] = row[e] * weight * (shares[e] - dot);
  }
}
