#include "linear_kernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

enum { LANES = 8, WORD = 64, VECTORS = WORD / LANES, CHAINS = 4 };

typedef double doubles __attribute__((ext_vector_type(8), aligned(8)));
typedef uint64_t words __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t masks __attribute__((ext_vector_type(8), aligned(8)));

DISPATCHED("avx512f", "avx2")
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
