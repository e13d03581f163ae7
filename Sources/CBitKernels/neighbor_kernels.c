#include "neighbor_kernels.h"
#include "bit_kernels.h"
#include "dispatch.h"

#include <string.h>

// Eight lanes, whatever the width of the processor's registers.
typedef uint64_t words8 __attribute__((ext_vector_type(8), aligned(8)));
typedef uint16_t counts8 __attribute__((ext_vector_type(8), aligned(2)));
typedef uint16_t counts32 __attribute__((ext_vector_type(BK_DISTANCES_ABREAST), aligned(2)));

enum { DISTANCE_COUNT = 257, TALLIES = 4 };

#define BITS_SET(words) __builtin_elementwise_popcount(words)

// How many rows there are at each distance. Neighbouring rows are counted in tallies of their own: one that waits for the count that was
// just written would wait for every row.
INLINED void tally(const uint16_t *distances, size_t row_count, uint32_t *counts) {
    uint32_t tallies[TALLIES][DISTANCE_COUNT];
    memset(tallies, 0, sizeof tallies);
    size_t row = 0;
    for (; row + TALLIES <= row_count; row += TALLIES) {
        for (size_t t = 0; t < TALLIES; t++) tallies[t][distances[row + t]]++;
    }
    for (; row < row_count; row++) tallies[0][distances[row]]++;
    for (size_t d = 0; d < DISTANCE_COUNT; d++) counts[d] = tallies[0][d] + tallies[1][d] + tallies[2][d] + tallies[3][d];
}

// A counting sort of the rows by distance, of which only the first places are filled. 1,593 rows take 4.6 us with AVX2 (EPYC, Zen 1, 2.4 GHz),
// where compilers count bits by the nibble look-up of Mula, Kurz and Lemire, and 6.9 us in the baseline.
INLINED void bk_nearest_rows_loop(const uint64_t *query, const uint64_t *blocks, size_t row_count, size_t wanted, uint16_t *scratch,
                                  uint32_t *nearest) {
    const words8 a = query[0], b = query[1], c = query[2], d = query[3];
    const words8 *words = (const words8 *)blocks;
    const size_t block_count = (row_count + BK_BLOCK_ROWS - 1) / BK_BLOCK_ROWS;
    for (size_t block = 0; block < block_count; block++, words += 4) {
        const words8 counts = BITS_SET(words[0] ^ a) + BITS_SET(words[1] ^ b) + BITS_SET(words[2] ^ c) + BITS_SET(words[3] ^ d);
        *(counts8 *)(scratch + block * BK_BLOCK_ROWS) = __builtin_convertvector(counts, counts8);
    }
    const size_t padded_count = (row_count + BK_DISTANCES_ABREAST - 1) / BK_DISTANCES_ABREAST * BK_DISTANCES_ABREAST;
    // Past every distance there is: the filling is never near.
    for (size_t row = row_count; row < padded_count; row++) scratch[row] = UINT16_MAX;

    uint32_t places[DISTANCE_COUNT];
    tally(scratch, row_count, places);
    // Of each distance, the place of its first row; up to the distance at which the last wanted one stands.
    uint32_t place = 0;
    uint16_t farthest = 0;
    for (uint16_t distance = 0; distance < DISTANCE_COUNT && place < wanted; distance++) {
        const uint32_t count = places[distance];
        places[distance] = place;
        place += count;
        farthest = distance;
    }
    for (size_t first = 0; first < padded_count; first += BK_DISTANCES_ABREAST) {
        const counts32 distances = *(const counts32 *)(scratch + first);
        if (!__builtin_reduce_or(distances <= farthest)) continue;
        for (size_t row = first; row < first + BK_DISTANCES_ABREAST; row++) {
            if (scratch[row] > farthest) continue;
            const uint32_t own = places[scratch[row]]++;
            if (own < wanted) nearest[own] = (uint32_t)row;
        }
    }
}

DISPATCHED(AVX512, AVX2, void, bk_nearest_rows,
    (const uint64_t *query, const uint64_t *blocks, size_t row_count, size_t wanted, uint16_t *scratch, uint32_t *nearest),
    (query, blocks, row_count, wanted, scratch, nearest))
