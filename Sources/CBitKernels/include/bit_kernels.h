#ifndef DIGITD_BIT_KERNELS_H
#define DIGITD_BIT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Loops that Swift cannot dispatch on the processor at run time. Each is compiled for several instruction sets and the best one is
/// chosen when the program is loaded; every choice gives the same bits, because sums keep eight lanes whatever the vector width and
/// no multiplication is contracted with an addition.

/// Rows in a block. Arrays that run along rows are padded to a multiple of it.
enum { BK_BLOCK_ROWS = 8 };

/// Dot products of one bitmap with many.
///
/// `query` is 4 words, `rows` is `count` x 4 words, `dots` receives `count` values in 0...256:
/// dots[i] = popcount(query & rows[i]).
void bk_dot_products(const uint64_t *query, const uint64_t *rows, size_t count, uint16_t *dots);

/// table[dot product] of one bitmap with each row of a blocked matrix.
///
/// `query` is 4 words; `blocks` is `block_count` x 4 words x 8 rows; `table` holds 257 values; `values` receives 8 x `block_count`.
void bk_values_by_dot_product(const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table, float *values);

/// table[squared distance] of one bitmap with each row of a blocked matrix; shapes as above.
void bk_values_by_distance(const uint64_t *query, const uint64_t *blocks, size_t block_count, const float *table, float *values);

/// probabilities[m] = 1 / (1 + exp(slopes[m] * values[m] + offsets[m])), to some units in the last place; all arrays 8 x `block_count`.
void bk_sigmoids(const double *values, const double *slopes, const double *offsets, size_t block_count, double *probabilities);

/// What the solver asks of its gradient after a step.
typedef struct {
    /// The largest violation + up_penalty, and the last row that has it.
    double up_violation;
    size_t up_row;
    /// The smallest violation + low_penalty.
    double low_violation;
} bk_extremes;

/// violations[t] -= step * (row_i[t] - row_j[t]), then the extremes of the result; all arrays 8 x `block_count`, at least one block.
///
/// A penalty is 0 for a row that may move in its direction; else up_penalty is minus infinity, low_penalty plus infinity.
bk_extremes bk_smo_step(double *violations, const double *up_penalty, const double *low_penalty, const float *row_i,
                        const float *row_j, double step, size_t block_count);

/// The row t that maximises b * b / a among those with b > 0, the last of equal ones; -1 where there is none.
///
/// b = up_violation - (violations[t] + low_penalty[t]); a = diagonal_i + diagonal[t] - 2 row_i[t], or `least_curvature` where that is
/// not positive. All arrays 8 x `block_count`.
ptrdiff_t bk_smo_second_row(const double *violations, const double *low_penalty, const double *diagonal, const float *row_i,
                            double up_violation, double diagonal_i, double least_curvature, size_t block_count);

#endif
