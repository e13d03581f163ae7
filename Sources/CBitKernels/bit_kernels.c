#include "bit_kernels.h"

// x86-64's baseline has neither POPCNT nor vectors wider than 128 bits; the loader picks the best of these clones once.
// arm64 has vector popcounts in its baseline and needs no dispatch.
#if defined(__x86_64__) && defined(__linux__)
#define DISPATCHED __attribute__((target_clones("avx512vpopcntdq", "popcnt", "default")))
#else
#define DISPATCHED
#endif

DISPATCHED
void bk_dot_products(const uint64_t *query, const uint64_t *rows, size_t count, uint16_t *dots) {
    const uint64_t a = query[0], b = query[1], c = query[2], d = query[3];
    for (size_t i = 0; i < count; i++) {
        const uint64_t *row = rows + 4 * i;
        dots[i] = (uint16_t)(__builtin_popcountll(a & row[0]) + __builtin_popcountll(b & row[1])
                             + __builtin_popcountll(c & row[2]) + __builtin_popcountll(d & row[3]));
    }
}
