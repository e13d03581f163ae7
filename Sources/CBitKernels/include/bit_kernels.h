#ifndef DIGITD_BIT_KERNELS_H
#define DIGITD_BIT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Dot products of one bitmap with many.
///
/// `query` is 4 words, `rows` is `count` x 4 words, `dots` receives `count` values in 0...256:
/// dots[i] = popcount(query & rows[i]). The best instruction set of the processor is chosen when the program is loaded.
void bk_dot_products(const uint64_t *query, const uint64_t *rows, size_t count, uint16_t *dots);

#endif
