#ifndef DIGITD_INSTRUCTION_SETS_H
#define DIGITD_INSTRUCTION_SETS_H

/// The instruction sets that the kernels are compiled for, each with all that the ones before it have.
///
/// The first use of a kernel chooses the best one that the processor has, or the one that the environment variable DIGITD_CPU names
/// (`baseline`, `avx2`, `avx512f`, `avx512`) if that is a lower one. Every choice gives the same bits.
typedef enum {
    /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
    BK_BASELINE,
    /// AVX2 with FMA, BMI2 and POPCNT: x86-64-v3.
    BK_AVX2,
    /// AVX-512F, without population counts of vectors.
    BK_AVX512F,
    /// AVX-512 with VPOPCNTDQ.
    BK_AVX512,
} bk_instruction_set;

/// The best instruction set that this processor has.
bk_instruction_set bk_best_instruction_set(void);

/// The instruction set that kernels use.
bk_instruction_set bk_instruction_set_in_use(void);

/// Makes kernels use an instruction set, or the best one where the processor does not have it; tests and measurements compare them so.
void bk_use_instruction_set(bk_instruction_set set);

#endif
