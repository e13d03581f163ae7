#include "svm_prediction.h"
#include "bit_kernels.h"
#include "dispatch.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#endif

// A fused multiply-add rounds once where a multiplication and an addition round twice: the clones would differ. Where one is wanted it is
// written, and then every clone has it, if need be from the C library.
#pragma STDC FP_CONTRACT OFF

#define INLINED static inline __attribute__((always_inline))

// Eight lanes, whatever the width of the processor's registers. Arrays need no alignment past that of their elements.
typedef uint64_t words8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double reals8 __attribute__((ext_vector_type(8), aligned(8)));

enum { WORDS_OF_BLOCK = 4 * BK_BLOCK_ROWS, MOST_OTHERS = BK_MOST_CLASSES - 1, SYSTEM_COLUMNS = 16 };

// Vectors go to and from inlined functions by address: by value their calling convention would depend on the clone.
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

DISPATCHED("avx512vpopcntdq", "fma")
static void parts_in_lanes(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                           const uint32_t *class_ends, size_t class_count, double *parts) {
    if (class_count == BK_MOST_CLASSES) {
        lane_parts(query, blocks, coefficients, kernel, class_ends, class_count, MOST_OTHERS, parts);
    } else {
        lane_parts(query, blocks, coefficients, kernel, class_ends, class_count, class_count - 1, parts);
    }
}

#if defined(__x86_64__) && defined(__linux__)
#define AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

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
            // Rounded to single precision, as the table's values are.
            const reals8 values = (reals8)_mm512_cvtps_pd(_mm512_cvtpd_ps(_mm512_mul_pd(fine, coarse)));
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

static int can_look_up_in_registers(const bk_kernel *kernel) {
    return kernel->fine && kernel->by_distance && __builtin_cpu_supports("avx512vpopcntdq");
}

void bk_decision_parts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                       const uint32_t *class_ends, size_t class_count, double *parts) {
    if (can_look_up_in_registers(kernel)) {
        parts_in_registers(query, blocks, coefficients, kernel, class_ends, class_count, parts);
    } else {
        parts_in_lanes(query, blocks, coefficients, kernel, class_ends, class_count, parts);
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

DISPATCHED("avx512f", "avx2")
uint64_t bk_positive(const double *values, size_t block_count) {
    uint64_t positive = 0;
    for (size_t block = 0; block < block_count; block++) {
        for (size_t lane = 0; lane < 8; lane++) positive |= (uint64_t)(values[8 * block + lane] > 0) << (8 * block + lane);
    }
    return positive;
}

// Gauss and Jordan's elimination of a positive definite matrix, so that no pivot has to be looked for. Rows are 10 coefficients, zeros,
// and the right-hand side in the last column, which receives the solution.
INLINED void solve(double (*system)[SYSTEM_COLUMNS], const size_t count) {
    for (size_t pivot = 0; pivot < count; pivot++) {
        reals8 *const pivot_row = (reals8 *)system[pivot];
        const double reciprocal = 1 / system[pivot][pivot];
        const reals8 left = pivot_row[0] * reciprocal, right = pivot_row[1] * reciprocal;
        for (size_t row = 0; row < count; row++) {
            const double factor = system[row][pivot];
            reals8 *const other = (reals8 *)system[row];
            other[0] -= factor * left;
            other[1] -= factor * right;
        }
        // The pivot's own row was taken from itself like the others.
        pivot_row[0] = left;
        pivot_row[1] = right;
    }
}

DISPATCHED("avx512f", "avx2")
void bk_couple(const double *pairwise, size_t class_count, double least, double *probabilities) {
    // Q + e e^T, and its right-hand side e.
    double system[BK_MOST_CLASSES][SYSTEM_COLUMNS] = {0};
    for (size_t row = 0; row < class_count; row++) system[row][row] = system[row][SYSTEM_COLUMNS - 1] = 1;
    size_t pair = 0;
    for (size_t first = 0; first < class_count; first++) {
        for (size_t second = first + 1; second < class_count; second++, pair++) {
            const double raised = pairwise[pair] < least ? least : pairwise[pair];
            const double wins = raised > 1 - least ? 1 - least : raised;
            const double loses = 1 - wins;
            system[first][second] = system[second][first] = 1 - wins * loses;
            system[first][first] += loses * loses;
            system[second][second] += wins * wins;
        }
    }
    solve(system, class_count);
    double sum = 0;
    for (size_t row = 0; row < class_count; row++) {
        const double found = system[row][SYSTEM_COLUMNS - 1];
        probabilities[row] = found > 0 ? found : 0;
        sum += probabilities[row];
    }
    for (size_t row = 0; row < class_count; row++) probabilities[row] /= sum;
}
