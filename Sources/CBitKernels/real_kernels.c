#include "real_kernels.h"
#include "dispatch.h"

// A fused multiply-add rounds once where a multiplication and an addition round twice: the clones would differ.
#pragma STDC FP_CONTRACT OFF

enum { POINTS = 8 };

typedef double reals8 __attribute__((ext_vector_type(8), aligned(8)));

INLINED void bk_real_dot_products_loop(const double *query, const double *blocks, size_t dimension_count, size_t block_count,
                                       double *values) {
    const reals8 *points = (const reals8 *)blocks;
    for (size_t block = 0; block < block_count; block++, points += dimension_count) {
        reals8 sum = {0};
        for (size_t dimension = 0; dimension < dimension_count; dimension++) sum += points[dimension] * query[dimension];
        *(reals8 *)(values + POINTS * block) = sum;
    }
}

DISPATCHED(AVX512F, AVX2, void, bk_real_dot_products,
    (const double *query, const double *blocks, size_t dimension_count, size_t block_count, double *values),
    (query, blocks, dimension_count, block_count, values))

INLINED void bk_real_distances_loop(const double *query, const double *blocks, size_t dimension_count, size_t block_count, double *values) {
    const reals8 *points = (const reals8 *)blocks;
    for (size_t block = 0; block < block_count; block++, points += dimension_count) {
        reals8 sum = {0};
        for (size_t dimension = 0; dimension < dimension_count; dimension++) {
            const reals8 difference = points[dimension] - query[dimension];
            sum += difference * difference;
        }
        *(reals8 *)(values + POINTS * block) = sum;
    }
}

DISPATCHED(AVX512F, AVX2, void, bk_real_distances,
    (const double *query, const double *blocks, size_t dimension_count, size_t block_count, double *values),
    (query, blocks, dimension_count, block_count, values))
