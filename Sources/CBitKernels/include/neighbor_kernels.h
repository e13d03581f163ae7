#ifndef DIGITD_NEIGHBOR_KERNELS_H
#define DIGITD_NEIGHBOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The loops of nearest neighbours, dispatched on the processor at run time as those of bit_kernels.h are. All of them count, so that every
/// choice gives the same rows.

/// The scratch of `bk_nearest_rows` is a multiple of this many elements.
enum { BK_DISTANCES_ABREAST = 32 };

/// The rows nearest to a bitmap: nearest first, of equally distant ones the lower first.
///
/// `query` is 4 words; `blocks` holds `row_count` rows in blocks of 4 words x 8 rows, the last one filled up; `scratch` has room for
/// `row_count` elements rounded up to a multiple of 32; `nearest` receives `wanted` row numbers, at least 1 and at most `row_count`.
void bk_nearest_rows(const uint64_t *query, const uint64_t *blocks, size_t row_count, size_t wanted, uint16_t *scratch, uint32_t *nearest);

#endif
