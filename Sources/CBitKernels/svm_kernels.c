#include "bit_kernels.h"
#include "dispatch.h"
#include "exponential.h"

#include <math.h>

// A fused multiply-add rounds once where a multiplication and an addition round twice: the clones would differ.
#pragma STDC FP_CONTRACT OFF

// Eight lanes, whatever the width of the processor's registers. Arrays of 64-bit elements need no alignment past their own.
typedef uint64_t words8 __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t lanes8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double reals8 __attribute__((ext_vector_type(8), aligned(8)));
typedef float floats8 __attribute__((ext_vector_type(8), aligned(4)));

// The machines of ten classes: 45 in whole blocks.
enum { BLOCKS_ABREAST = 6 };

#define WIDENED(values) __builtin_convertvector(*(const floats8 *)(values), reals8)
#define BITS_SET(words) __builtin_elementwise_popcount(words)

INLINED void bk_values_by_dot_product_loop(const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table,
                                           float *values) {
    const words8 *words = (const words8 *)blocks;
    for (size_t block = 0; block < block_count; block++, words += 4, values += BK_BLOCK_ROWS) {
        const words8 counts = BITS_SET(words[0] & query[0]) + BITS_SET(words[1] & query[1])
                              + BITS_SET(words[2] & query[2]) + BITS_SET(words[3] & query[3]);
        for (int lane = 0; lane < BK_BLOCK_ROWS; lane++) values[lane] = table[counts[lane]];
    }
}

DISPATCHED(AVX512, AVX2, void, bk_values_by_dot_product,
    (const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table, float *values),
    (query, blocks, block_count, table, values))

INLINED void bk_values_by_distance_loop(const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table,
                                        float *values) {
    const words8 *words = (const words8 *)blocks;
    for (size_t block = 0; block < block_count; block++, words += 4, values += BK_BLOCK_ROWS) {
        const words8 counts = BITS_SET(words[0] ^ query[0]) + BITS_SET(words[1] ^ query[1])
                              + BITS_SET(words[2] ^ query[2]) + BITS_SET(words[3] ^ query[3]);
        for (int lane = 0; lane < BK_BLOCK_ROWS; lane++) values[lane] = table[counts[lane]];
    }
}

DISPATCHED(AVX512, AVX2, void, bk_values_by_distance,
    (const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table, float *values),
    (query, blocks, block_count, table, values))

// The sigmoids of `count` blocks side by side.
INLINED void sigmoids(const double *values, const double *slopes, const double *offsets, const int count, double *probabilities) {
    reals8 exponents[BLOCKS_ABREAST], small[BLOCKS_ABREAST];
    for (int block = 0; block < count; block++) {
        const int row = block * BK_BLOCK_ROWS;
        exponents[block] = *(const reals8 *)(slopes + row) * *(const reals8 *)(values + row) + *(const reals8 *)(offsets + row);
    }
    exps_of_minus_magnitudes(exponents, small, count);
    for (int block = 0; block < count; block++) {
        *(reals8 *)(probabilities + block * BK_BLOCK_ROWS) =
            (exponents[block] >= 0.0 ? small[block] : (reals8)1.0) / (1.0 + small[block]);
    }
}

INLINED void bk_sigmoids_loop(const double *values, const double *slopes, const double *offsets, size_t block_count,
                              double *probabilities) {
    size_t row = 0;
    for (; block_count >= BLOCKS_ABREAST; block_count -= BLOCKS_ABREAST, row += BLOCKS_ABREAST * BK_BLOCK_ROWS) {
        sigmoids(values + row, slopes + row, offsets + row, BLOCKS_ABREAST, probabilities + row);
    }
    for (; block_count != 0; block_count--, row += BK_BLOCK_ROWS) {
        sigmoids(values + row, slopes + row, offsets + row, 1, probabilities + row);
    }
}

DISPATCHED(AVX512F, AVX2, void, bk_sigmoids,
    (const double *values, const double *slopes, const double *offsets, size_t block_count, double *probabilities),
    (values, slopes, offsets, block_count, probabilities))

INLINED bk_extremes bk_smo_step_loop(double *violations, const double *up_penalty, const double *low_penalty, const float *row_i,
                                     const float *row_j, double step, size_t block_count) {
    reals8 up = (reals8)(-INFINITY), low = (reals8)INFINITY;
    lanes8 up_block = {0};
    for (size_t block = 0; block < block_count; block++) {
        const size_t row = block * BK_BLOCK_ROWS;
        reals8 *violation = (reals8 *)(violations + row);
        const reals8 moved = *violation - step * (WIDENED(row_i + row) - WIDENED(row_j + row));
        *violation = moved;
        const reals8 up_here = moved + *(const reals8 *)(up_penalty + row);
        const reals8 low_here = moved + *(const reals8 *)(low_penalty + row);
        const lanes8 higher = up_here >= up;
        up = higher ? up_here : up;
        up_block = higher ? (lanes8)(int64_t)block : up_block;
        low = low_here < low ? low_here : low;
    }
    bk_extremes extremes = {-INFINITY, 0, INFINITY};
    for (int lane = 0; lane < BK_BLOCK_ROWS; lane++) {
        const size_t row = (size_t)up_block[lane] * BK_BLOCK_ROWS + lane;
        if (up[lane] > extremes.up_violation || (up[lane] == extremes.up_violation && row > extremes.up_row)) {
            extremes.up_violation = up[lane];
            extremes.up_row = row;
        }
        if (low[lane] < extremes.low_violation) extremes.low_violation = low[lane];
    }
    return extremes;
}

DISPATCHED(AVX512F, AVX2, bk_extremes, bk_smo_step,
    (double *violations, const double *up_penalty, const double *low_penalty, const float *row_i, const float *row_j, double step,
     size_t block_count),
    (violations, up_penalty, low_penalty, row_i, row_j, step, block_count))

INLINED ptrdiff_t bk_smo_second_row_loop(const double *violations, const double *low_penalty, const double *diagonal, const float *row_i,
                                         double up_violation, double diagonal_i, double least_curvature, size_t block_count) {
    // Gains of rows that may be chosen are positive: 0 stands for none.
    reals8 best = {0};
    lanes8 best_block = {0};
    for (size_t block = 0; block < block_count; block++) {
        const size_t row = block * BK_BLOCK_ROWS;
        const reals8 gap = up_violation - (*(const reals8 *)(violations + row) + *(const reals8 *)(low_penalty + row));
        const reals8 raw = diagonal_i + *(const reals8 *)(diagonal + row) - 2.0 * WIDENED(row_i + row);
        const reals8 curvature = raw > 0.0 ? raw : (reals8)least_curvature;
        const reals8 gain = gap * gap / curvature;
        const lanes8 better = (gap > 0.0) & (gain >= best);
        best = better ? gain : best;
        best_block = better ? (lanes8)(int64_t)block : best_block;
    }
    double largest = 0;
    ptrdiff_t second = -1;
    for (int lane = 0; lane < BK_BLOCK_ROWS; lane++) {
        const ptrdiff_t row = (ptrdiff_t)best_block[lane] * BK_BLOCK_ROWS + lane;
        if (best[lane] > largest || (best[lane] == largest && largest > 0 && row > second)) {
            largest = best[lane];
            second = row;
        }
    }
    return second;
}

DISPATCHED(AVX512F, AVX2, ptrdiff_t, bk_smo_second_row,
    (const double *violations, const double *low_penalty, const double *diagonal, const float *row_i, double up_violation, double
     diagonal_i, double least_curvature, size_t block_count),
    (violations, low_penalty, diagonal, row_i, up_violation, diagonal_i, least_curvature, block_count))
