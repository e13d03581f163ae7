#ifndef DIGITD_LINEAR_KERNELS_H
#define DIGITD_LINEAR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The loops of linear models on bits, dispatched on the processor at run time as those of bit_kernels.h are; every choice gives the same bits.

/// sums[i] = the sum of values[f] over the pixels f that are set in row i: a matrix of bits times a vector.
///
/// `rows` is `count` x 4 words, `values` holds 256 numbers. Its transposed is `bk_sum_weights`.
void bk_sum_values(const uint64_t *rows, const double *values, size_t count, double *sums);

/// The same in single precision, in half the time.
void bk_sum_values_single(const uint64_t *rows, const float *values, size_t count, float *sums);

/// sums[f] = the sum of factors[i] over the rows i in which pixel f is set, in single precision; shapes as above.
void bk_sum_factors_single(const uint64_t *rows, const float *factors, size_t count, float *sums);

/// In how many rows two pixels are set, for every two: counts[i * 256 + j] = popcount(column i & column j).
///
/// `columns` is 256 x `word_count`, as `bk_columns` makes them; `counts` receives 256 x 256 whole numbers.
void bk_count_pairs(const uint64_t *columns, size_t word_count, double *counts);

#endif
