#ifndef DIGITD_DISPATCH_H
#define DIGITD_DISPATCH_H

#include "instruction_sets.h"

#define INLINED static inline __attribute__((always_inline))

// A kernel `bk_x` is written once, as the inlined function `bk_x_loop`. DISPATCHED(wide, narrow, result, bk_x, (parameters), (arguments))
// compiles it for a wide and a narrow instruction set and for the baseline; every call goes to the best one in use. A call costs a load and
// two comparisons more than the loader's own choice (`target_clones`) would, and can be told to take a lower one.
//
// arm64 has vectors with population counts in its baseline.
#if defined(__x86_64__)
#define TARGET_AVX2 "avx2"
#define TARGET_FMA "avx2,fma,bmi,bmi2,popcnt,lzcnt"
#define TARGET_POPCNT "popcnt"
#define TARGET_AVX512F "avx512f"
#define TARGET_AVX512 "avx512vpopcntdq"
#define SET_OF_AVX512F BK_AVX512F
#define SET_OF_AVX512 BK_AVX512

#define COMPILED_FOR(target_name, suffix, result, name, parameters, arguments)                                                            \
    __attribute__((target(target_name))) static result name##_##suffix parameters { return name##_loop arguments; }

#define DISPATCHED(wide, narrow, result, name, parameters, arguments)                                                                     \
    COMPILED_FOR(TARGET_##wide, wide, result, name, parameters, arguments)                                                                \
    COMPILED_FOR(TARGET_##narrow, narrow, result, name, parameters, arguments)                                                            \
    static result name##_baseline parameters { return name##_loop arguments; }                                                           \
    result name parameters {                                                                                                              \
        const bk_instruction_set in_use_ = bk_instruction_set_in_use();                                                                       \
        if (in_use_ >= SET_OF_##wide) return name##_##wide arguments;                                                                         \
        if (in_use_ >= BK_AVX2) return name##_##narrow arguments;                                                                             \
        return name##_baseline arguments;                                                                                                 \
    }

// For kernels that gain nothing by wide registers.
#define DISPATCHED_NARROW(narrow, result, name, parameters, arguments)                                                                    \
    COMPILED_FOR(TARGET_##narrow, narrow, result, name, parameters, arguments)                                                            \
    static result name##_baseline parameters { return name##_loop arguments; }                                                           \
    result name parameters {                                                                                                              \
        if (bk_instruction_set_in_use() >= BK_AVX2) return name##_##narrow arguments;                                                     \
        return name##_baseline arguments;                                                                                                 \
    }
#else
#define DISPATCHED(wide, narrow, result, name, parameters, arguments)                                                                     \
    result name parameters { return name##_loop arguments; }
#define DISPATCHED_NARROW(narrow, result, name, parameters, arguments)                                                                    \
    result name parameters { return name##_loop arguments; }
#endif

#endif
