#include "bit_kernels.h"
#include "dispatch.h"

INLINED void bk_dot_products_loop(const uint64_t *query, const uint64_t *rows, size_t count, uint16_t *dots) {
    const uint64_t a = query[0], b = query[1], c = query[2], d = query[3];
    for (size_t i = 0; i < count; i++) {
        const uint64_t *row = rows + 4 * i;
        dots[i] = (uint16_t)(__builtin_popcountll(a & row[0]) + __builtin_popcountll(b & row[1])
                             + __builtin_popcountll(c & row[2]) + __builtin_popcountll(d & row[3]));
    }
}

DISPATCHED(AVX512, POPCNT, void, bk_dot_products,
    (const uint64_t *query, const uint64_t *rows, size_t count, uint16_t *dots),
    (query, rows, count, dots))
