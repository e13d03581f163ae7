#include "instruction_sets.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"baseline", "avx2", "avx512f", "avx512"};

enum { UNDECIDED = -1 };

// Read by every kernel. Threads that find it undecided at once decide the same.
static _Atomic int in_use = UNDECIDED;

bk_instruction_set bk_best_instruction_set(void) {
#if defined(__x86_64__)
    if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
          && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"))) {
        return BK_BASELINE;
    }
    if (__builtin_cpu_supports("avx512vpopcntdq")) return BK_AVX512;
    return __builtin_cpu_supports("avx512f") ? BK_AVX512F : BK_AVX2;
#else
    return BK_BASELINE;
#endif
}

void bk_use_instruction_set(bk_instruction_set set) {
    const bk_instruction_set best = bk_best_instruction_set();
    atomic_store_explicit(&in_use, set < best ? set : best, memory_order_relaxed);
}

bk_instruction_set bk_instruction_set_in_use(void) {
    const int known = atomic_load_explicit(&in_use, memory_order_relaxed);
    if (known != UNDECIDED) return (bk_instruction_set)known;
    bk_instruction_set wanted = BK_AVX512;
    const char *const name = getenv("DIGITD_CPU");
    for (int set = BK_BASELINE; name != NULL && set <= BK_AVX512; set++) {
        if (strcmp(name, names[set]) == 0) wanted = (bk_instruction_set)set;
    }
    bk_use_instruction_set(wanted);
    return (bk_instruction_set)atomic_load_explicit(&in_use, memory_order_relaxed);
}
