// The run loop: every thread walks the same tape of records and meets the others at a barrier where a record asks for it.
#include "base.h"

typedef void (*kernel)(const i32 *arguments, i32 thread, i32 threads);

enum { SERIAL = 1, BARRIER = 2, HEADER = 3 };
enum { SPINS = 2000 };

// The words that threads share; targets/wasm/threads.ts knows their places.
typedef struct {
  i32 generation, arrived, sleepers, failed;
} meeting;

static const int64_t NAP = 100000000;  // 0.1 s: how often a sleeper looks whether somebody crashed
enum { NAPS = 1200 };                  // after two minutes nobody will come

__attribute__((import_module("env"), import_name("now"))) double now(void);

// Functions of their own that use nothing afterwards: V8's first compiler (Liftoff, seen in Node 20.20) loses the caller's local variables
// when a wait or a notification in its midst returns.
static __attribute__((noinline)) void doze(meeting *m, i32 generation) { __builtin_wasm_memory_atomic_wait32(&m->generation, generation, NAP); }
static __attribute__((noinline)) void wake(meeting *m, i32 threads) { __builtin_wasm_memory_atomic_notify(&m->generation, threads); }

// Waits until all threads are here. A short spin, then sleep: on a busy machine the thread that is waited for may need this core.
// Returns 0 when another thread failed and will not come.
static __attribute__((noinline)) i32 meet(meeting *m, i32 threads) {
  const i32 generation = __atomic_load_n(&m->generation, __ATOMIC_SEQ_CST);
  if (__atomic_fetch_add(&m->arrived, 1, __ATOMIC_SEQ_CST) == threads - 1) {
    __atomic_store_n(&m->arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&m->generation, generation + 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&m->sleepers, __ATOMIC_SEQ_CST)) wake(m, threads);
    return 1;
  }
  for (i32 spin = 0; spin < SPINS; spin++)
    if (__atomic_load_n(&m->generation, __ATOMIC_SEQ_CST) != generation) return 1;
  __atomic_fetch_add(&m->sleepers, 1, __ATOMIC_SEQ_CST);
  for (i32 nap = 0; nap < NAPS && __atomic_load_n(&m->generation, __ATOMIC_SEQ_CST) == generation && !__atomic_load_n(&m->failed, __ATOMIC_SEQ_CST); nap++)
    doze(m, generation);
  __atomic_fetch_sub(&m->sleepers, 1, __ATOMIC_SEQ_CST);
  return __atomic_load_n(&m->generation, __ATOMIC_SEQ_CST) != generation;
}

// A record: kernel (its place in the table of functions), how many arguments, flags, arguments. Returns 1 when the whole tape ran.
// With `times` the first thread notes when each record was done, barrier included.
__attribute__((export_name("run"))) i32 run(const i32 *tape, i32 words, i32 thread, i32 threads, meeting *m, double *times) {
  const i32 *record = tape, *end = tape + words;
  while (record < end) {
    const i32 *arguments = record + HEADER;
    const i32 flags = record[2];
    const kernel call = (kernel)record[0];
    record = arguments + record[1];  // read before the threads meet: after the last meeting the tape may be gone
    if (!(flags & SERIAL)) call(arguments, thread, threads);
    else if (thread == 0) call(arguments, 0, 1);
    if ((flags & BARRIER) && threads > 1 && !meet(m, threads)) return 0;
    if (times && thread == 0) *times++ = now();
  }
  return 1;
}
