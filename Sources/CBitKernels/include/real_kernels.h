#ifndef DIGITD_REAL_KERNELS_H
#define DIGITD_REAL_KERNELS_H

#include <stddef.h>

/// Loops on points of real coordinates, dispatched on the processor at run time as those of bit_kernels.h are; every choice gives the same bits.

/// Dot products of one point with many.
///
/// `query` is `dimension_count` numbers; `blocks` is `block_count` x `dimension_count` x 8 points; `values` receives 8 x `block_count`.
void bk_real_dot_products(const double *query, const double *blocks, size_t dimension_count, size_t block_count, double *values);

/// Squared Euclidean distances of one point to many; shapes as above.
void bk_real_distances(const double *query, const double *blocks, size_t dimension_count, size_t block_count, double *values);

#endif
