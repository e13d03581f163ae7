#include "svm_prediction.h"
#include "bit_kernels.h"
#include "dispatch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// A fused multiply-add rounds once where a multiplication and an addition round twice: instruction sets would differ. Where one is wanted it
// is written, and then every instruction set has it, if need be from the C library.
#pragma STDC FP_CONTRACT OFF

// Eight lanes, whatever the width of the processor's registers. Arrays need no alignment past that of their elements.
typedef uint64_t words8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double reals8 __attribute__((ext_vector_type(8), aligned(8)));

enum { WORDS_OF_BLOCK = 4 * BK_BLOCK_ROWS, MOST_OTHERS = BK_MOST_CLASSES - 1 };

// Vectors go to and from inlined functions by address: by value their calling convention would depend on the instruction set.
INLINED void weigh(const reals8 *values, const double *coefficients, const size_t width, reals8 *totals) {
    for (size_t m = 0; m < width; m++) {
        totals[m] = __builtin_elementwise_fma(*values, *(const reals8 *)(coefficients + m * BK_BLOCK_ROWS), totals[m]);
    }
}

INLINED void store_sums(const reals8 *totals, const size_t width, double *sums) {
    for (size_t m = 0; m < width; m++) {
        const reals8 v = totals[m];
        sums[m] = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
    }
}

INLINED void lane_values(const uint64_t *query, const uint64_t *rows, const bk_kernel *kernel, reals8 *values) {
    const words8 *words = (const words8 *)rows;
    words8 counts = {0};
    for (int w = 0; w < 4; w++) {
        counts += __builtin_elementwise_popcount(kernel->by_distance ? words[w] ^ query[w] : words[w] & query[w]);
    }
    for (int lane = 0; lane < BK_BLOCK_ROWS; lane++) (*values)[lane] = kernel->table[counts[lane]];
}

INLINED void lane_parts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                        const uint32_t *class_ends, size_t class_count, const size_t width, double *parts) {
    size_t block = 0;
    for (size_t c = 0; c < class_count; c++) {
        reals8 totals[MOST_OTHERS] = {0};
        for (; block < class_ends[c]; block++) {
            reals8 values;
            lane_values(query, blocks + block * WORDS_OF_BLOCK, kernel, &values);
            weigh(&values, coefficients + block * width * BK_BLOCK_ROWS, width, totals);
        }
        store_sums(totals, width, parts + c * width);
    }
}

INLINED void parts_in_lanes(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                            const uint32_t *class_ends, size_t class_count, double *parts) {
    if (class_count == BK_MOST_CLASSES) {
        lane_parts(query, blocks, coefficients, kernel, class_ends, class_count, MOST_OTHERS, parts);
    } else {
        lane_parts(query, blocks, coefficients, kernel, class_ends, class_count, class_count - 1, parts);
    }
}

#if defined(__x86_64__)
#define AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

__attribute__((target(TARGET_AVX512)))
static void parts_with_population_counts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                                         const uint32_t *class_ends, size_t class_count, double *parts) {
    parts_in_lanes(query, blocks, coefficients, kernel, class_ends, class_count, parts);
}

AVX512 INLINED __m512i distances(const __m512i *query, const uint64_t *rows) {
    __m512i sum = _mm512_popcnt_epi64(_mm512_xor_si512(query[0], _mm512_loadu_si512(rows)));
    for (int w = 1; w < 4; w++) {
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(query[w], _mm512_loadu_si512(rows + w * BK_BLOCK_ROWS))));
    }
    return sum;
}

AVX512 INLINED void factored_parts(const uint64_t *query_words, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                                   const uint32_t *class_ends, size_t class_count, const size_t width, double *parts) {
    __m512i query[4];
    for (int w = 0; w < 4; w++) query[w] = _mm512_set1_epi64((long long)query_words[w]);
    const __m512d fine_low = _mm512_loadu_pd(kernel->fine), fine_high = _mm512_loadu_pd(kernel->fine + 8);
    const __m512d coarse_low = _mm512_loadu_pd(kernel->coarse), coarse_high = _mm512_loadu_pd(kernel->coarse + 8);
    const __m512d coarsest = _mm512_set1_pd(kernel->coarse[16]);
    const __m512i largest = _mm512_set1_epi64(256);
    size_t block = 0;
    for (size_t c = 0; c < class_count; c++) {
        reals8 totals[MOST_OTHERS] = {0};
        for (; block < class_ends[c]; block++) {
            const __m512i distance = distances(query, blocks + block * WORDS_OF_BLOCK);
            const __m512d fine = _mm512_permutex2var_pd(fine_low, distance, fine_high);
            const __m512d coarse = _mm512_mask_mov_pd(
                _mm512_permutex2var_pd(coarse_low, _mm512_srli_epi64(distance, 4), coarse_high),
                _mm512_cmpeq_epi64_mask(distance, largest), coarsest);
            const reals8 values = (reals8)_mm512_mul_pd(fine, coarse);
            weigh(&values, coefficients + block * width * BK_BLOCK_ROWS, width, totals);
        }
        store_sums(totals, width, parts + c * width);
    }
}

// Both factors of a kernel value are looked up in registers. As compilers do it, a look-up takes an address out of a vector for each of eight
// loads, and a prediction half as long again.
AVX512 static void parts_in_registers(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                                      const uint32_t *class_ends, size_t class_count, double *parts) {
    if (class_count == BK_MOST_CLASSES) {
        factored_parts(query, blocks, coefficients, kernel, class_ends, class_count, MOST_OTHERS, parts);
    } else {
        factored_parts(query, blocks, coefficients, kernel, class_ends, class_count, class_count - 1, parts);
    }
}

void bk_decision_parts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                       const uint32_t *class_ends, size_t class_count, double *parts) {
    if (bk_instruction_set_in_use() < BK_AVX512) {
        parts_in_lanes(query, blocks, coefficients, kernel, class_ends, class_count, parts);
    } else if (kernel->fine && kernel->by_distance) {
        parts_in_registers(query, blocks, coefficients, kernel, class_ends, class_count, parts);
    } else {
        parts_with_population_counts(query, blocks, coefficients, kernel, class_ends, class_count, parts);
    }
}
#else
void bk_decision_parts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                       const uint32_t *class_ends, size_t class_count, double *parts) {
    parts_in_lanes(query, blocks, coefficients, kernel, class_ends, class_count, parts);
}
#endif

void bk_decisions(const double *parts, const double *intercepts, size_t class_count, double *decisions) {
    const size_t width = class_count - 1;
    size_t pair = 0;
    for (size_t first = 0; first < class_count; first++) {
        // Of the first class's others the second is number second - 1, of the second class's others the first is number first.
        for (size_t second = first + 1; second < class_count; second++, pair++) {
            decisions[pair] = parts[first * width + second - 1] + parts[second * width + first] + intercepts[pair];
        }
    }
}

INLINED uint64_t bk_positive_loop(const double *values, size_t block_count) {
    uint64_t positive = 0;
    for (size_t block = 0; block < block_count; block++) {
        for (size_t lane = 0; lane < 8; lane++) positive |= (uint64_t)(values[8 * block + lane] > 0) << (8 * block + lane);
    }
    return positive;
}

DISPATCHED(AVX512F, AVX2, uint64_t, bk_positive, (const double *values, size_t block_count), (values, block_count))
