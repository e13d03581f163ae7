#include "linear_kernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

#define DISPATCHED_LANES DISPATCHED("avx512f", "avx2")

enum { LANES = 8, WORD = 64, VECTORS = WORD / LANES, CHAINS = 4 };
enum { SINGLE_LANES = 16, ALL_SINGLE_VECTORS = 256 / SINGLE_LANES };

typedef double doubles __attribute__((ext_vector_type(8), aligned(8)));
typedef uint64_t words __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t masks __attribute__((ext_vector_type(8), aligned(8)));
typedef float singles __attribute__((ext_vector_type(16), aligned(4)));
typedef uint32_t halves __attribute__((ext_vector_type(16), aligned(4)));
typedef int32_t single_masks __attribute__((ext_vector_type(16), aligned(4)));

// Vectors are built in the function that uses them: by value their calling convention would depend on the clone.
#define FIRST_PIXELS_OF_HALF                                                                                                               \
    {1u << 31, 1u << 30, 1u << 29, 1u << 28, 1u << 27, 1u << 26, 1u << 25, 1u << 24,                                                        \
     1u << 23, 1u << 22, 1u << 21, 1u << 20, 1u << 19, 1u << 18, 1u << 17, 1u << 16}

DISPATCHED_LANES
void bk_sum_values(const uint64_t *rows, const double *values, size_t count, double *sums) {
    const words first_pixels = {1ull << 63, 1ull << 62, 1ull << 61, 1ull << 60, 1ull << 59, 1ull << 58, 1ull << 57, 1ull << 56};
    const doubles *const vectors = (const doubles *)values;
    for (size_t row = 0; row < count; row++) {
        // Several chains of additions, which do not wait for one another.
        doubles sum[CHAINS] = {0};
        for (int word = 0; word < 4; word++) {
            const words pixels = rows[4 * row + word];
#pragma clang loop unroll(full)
            for (int v = 0; v < VECTORS; v++) {
                const masks set = (pixels & (first_pixels >> (uint64_t)(LANES * v))) != 0;
                const doubles added = sum[v % CHAINS] + vectors[word * VECTORS + v];
                sum[v % CHAINS] = set ? added : sum[v % CHAINS];
            }
        }
        const doubles v = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        sums[row] = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
    }
}

DISPATCHED_LANES
void bk_sum_values_single(const uint64_t *rows, const float *values, size_t count, float *sums) {
    const halves first_pixels = FIRST_PIXELS_OF_HALF;
    const singles *const vectors = (const singles *)values;
    for (size_t row = 0; row < count; row++) {
        singles sum[CHAINS] = {0};
#pragma clang loop unroll(full)
        for (int v = 0; v < ALL_SINGLE_VECTORS; v++) {
            const halves pixels = (uint32_t)(rows[4 * row + v / 4] >> (v % 4 < 2 ? 32 : 0));
            const single_masks set = (pixels & (v % 2 == 0 ? first_pixels : first_pixels >> 16u)) != 0;
            const singles added = sum[v % CHAINS] + vectors[v];
            sum[v % CHAINS] = set ? added : sum[v % CHAINS];
        }
        const singles v = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        float pairs[SINGLE_LANES / 2];
        for (int lane = 0; lane < SINGLE_LANES / 2; lane++) pairs[lane] = v[lane] + v[lane + SINGLE_LANES / 2];
        sums[row] = ((pairs[0] + pairs[1]) + (pairs[2] + pairs[3])) + ((pairs[4] + pairs[5]) + (pairs[6] + pairs[7]));
    }
}

DISPATCHED_LANES
void bk_sum_factors_single(const uint64_t *rows, const float *factors, size_t count, float *sums) {
    const halves first_pixels = FIRST_PIXELS_OF_HALF;
    singles sum[ALL_SINGLE_VECTORS] = {0};
    for (size_t row = 0; row < count; row++) {
        const singles factor = factors[row];
#pragma clang loop unroll(full)
        for (int v = 0; v < ALL_SINGLE_VECTORS; v++) {
            const halves pixels = (uint32_t)(rows[4 * row + v / 4] >> (v % 4 < 2 ? 32 : 0));
            const single_masks set = (pixels & (v % 2 == 0 ? first_pixels : first_pixels >> 16u)) != 0;
            const singles added = sum[v] + factor;
            sum[v] = set ? added : sum[v];
        }
    }
    for (int v = 0; v < ALL_SINGLE_VECTORS; v++) *(singles *)(sums + SINGLE_LANES * v) = sum[v];
}

DISPATCHED("avx512vpopcntdq", "popcnt")
void bk_count_pairs(const uint64_t *columns, size_t word_count, double *counts) {
    enum { PIXELS = 256 };
    for (size_t i = 0; i < PIXELS; i++) {
        const uint64_t *const column = columns + i * word_count;
        for (size_t j = 0; j <= i; j++) {
            const uint64_t *const other = columns + j * word_count;
            uint64_t count = 0;
            for (size_t word = 0; word < word_count; word++) count += (uint64_t)__builtin_popcountll(column[word] & other[word]);
            counts[i * PIXELS + j] = counts[j * PIXELS + i] = (double)count;
        }
    }
}
