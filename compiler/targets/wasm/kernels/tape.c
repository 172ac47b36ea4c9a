// The run loop. Every thread walks the same tape of units and claims parts of each until none is left; it goes on when the parts are done,
// whoever did them. So a thread that the machine has put aside is not waited for, unless it holds a part.
#include "base.h"

typedef void (*kernel)(const i32 *arguments, i32 part, i32 parts, float *scratch);

// Some calls of kernels. A counter holds the run it counts for in its upper half, so that none need be reset: an older run's count is 0.
typedef struct {
  int64_t claimed;
  int64_t done;     // parts of the group that ends with this unit
  i32 parts;
  i32 total;        // of the group that ends with this unit; 0 in units that end none
  i32 group;        // bytes from here to the unit that ends the group
  i32 words;        // of the records that follow: kernel, how many arguments, arguments
} unit;

// What threads share beside the tape; targets/wasm/threads.ts knows the places.
typedef struct {
  i32 sleepers, failed;
} control;

enum { SPINS = 4000, NONE = -1, LATE = -2, NAPS = 1200 };
static const int64_t NAP = 100000000;  // 0.1 s: how often a sleeper looks whether somebody crashed; after two minutes nobody will come

__attribute__((import_module("env"), import_name("now"))) double now(void);

INLINE i32 run_of(int64_t counter) { return (i32)(counter >> 32); }
INLINE i32 count_of(int64_t counter, i32 run) { return run_of(counter) == run ? (i32)counter : 0; }
INLINE int64_t counter_of(i32 run, i32 count) { return (int64_t)run << 32 | (u32)count; }
INLINE int64_t look(int64_t *counter) { return __atomic_load_n(counter, __ATOMIC_SEQ_CST); }
INLINE i32 swap(int64_t *counter, int64_t *seen, int64_t wanted) {
  return __atomic_compare_exchange_n(counter, seen, wanted, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// Functions of their own that use nothing afterwards: V8's first compiler (Liftoff, seen in Node 20.20) loses the caller's local variables
// when a wait or a notification in its midst returns.
static __attribute__((noinline)) void doze(int64_t *counter, int64_t seen) { __builtin_wasm_memory_atomic_wait64(counter, seen, NAP); }
static __attribute__((noinline)) void wake(int64_t *counter) { __builtin_wasm_memory_atomic_notify((i32 *)counter, 64); }

// The next part of a unit that nobody has: NONE if all are taken, LATE if the others are in a later run already.
static __attribute__((noinline)) i32 claim(unit *u, i32 run) {
  int64_t seen = look(&u->claimed);
  for (;;) {
    if (run_of(seen) - run > 0) return LATE;
    const i32 next = count_of(seen, run);
    if (next >= u->parts) return NONE;
    if (swap(&u->claimed, &seen, counter_of(run, next + 1))) return next;
  }
}

static __attribute__((noinline)) void finish(unit *group, i32 run, control *c) {
  int64_t seen = look(&group->done);
  while (!swap(&group->done, &seen, counter_of(run, count_of(seen, run) + 1))) {}
  if (count_of(seen, run) + 1 == group->total && __atomic_load_n(&c->sleepers, __ATOMIC_SEQ_CST)) wake(&group->done);
}

INLINE i32 is_done(unit *group, i32 run) {
  const int64_t seen = look(&group->done);
  return run_of(seen) - run > 0 || count_of(seen, run) >= group->total;
}

// A short spin, then sleep: on a busy machine the thread that is waited for may need this core. Returns 0 when it will not come.
static __attribute__((noinline)) i32 await(unit *group, i32 run, control *c) {
  for (i32 spin = 0; spin < SPINS; spin++)
    if (is_done(group, run)) return 1;
  __atomic_fetch_add(&c->sleepers, 1, __ATOMIC_SEQ_CST);
  for (i32 nap = 0; nap < NAPS && !is_done(group, run) && !__atomic_load_n(&c->failed, __ATOMIC_SEQ_CST); nap++) {
    const int64_t seen = look(&group->done);
    if (!is_done(group, run)) doze(&group->done, seen);
  }
  __atomic_fetch_sub(&c->sleepers, 1, __ATOMIC_SEQ_CST);
  return is_done(group, run);
}

static __attribute__((noinline)) void execute(const i32 *record, i32 words, i32 part, i32 parts, float *scratch) {
  for (const i32 *end = record + words; record < end; record += 2 + record[1]) ((kernel)record[0])(record + 2, part, parts, scratch);
}

// Returns 1 when the tape ran, 0 when a thread failed. With `times` it is noted when each unit, and what had to be waited for after it, was done.
__attribute__((export_name("run"))) i32 run(unit *tape, i32 bytes, i32 run, i32 threads, control *c, float *scratch, double *times) {
  const char *end = (const char *)tape + bytes;
  for (unit *u = tape; (const char *)u < end; u = (unit *)((char *)(u + 1) + (u->words + 1) / 2 * 8)) {
    const i32 *records = (const i32 *)(u + 1);
    if (threads == 1) {
      execute(records, u->words, 0, 1, scratch);
    } else {
      unit *group = (unit *)((char *)u + u->group);
      i32 part;
      while ((part = claim(u, run)) >= 0) {
        execute(records, u->words, part, u->parts, scratch);
        finish(group, run, c);
      }
      if (part == LATE) return 1;
      if (u->total && !await(u, run, c)) return 0;
    }
    if (times) *times++ = now();
  }
  return 1;
}
