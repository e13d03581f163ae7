#include "tree_kernels.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define DISPATCHED_COUNTS __attribute__((target_clones("popcnt", "default")))
#define DISPATCHED_LANES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DISPATCHED_COUNTS
#define DISPATCHED_LANES
#endif

// Hacker's Delight, section 7-3: blocks of 32, 16, ... 1 bits off the diagonal change places.
// Row i is word i with its first pixel in the most significant bit; afterwards word j has pixel j of row i in bit 63 - i.
static inline void transpose(uint64_t *words) {
    uint64_t mask = 0x00000000FFFFFFFF;
    for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
        for (int base = 0; base < 64; base += 2 * width) {
            for (int k = base; k < base + width; k++) {
                const uint64_t swapped = (words[k] ^ (words[k + width] >> width)) & mask;
                words[k] ^= swapped;
                words[k + width] ^= swapped << width;
            }
        }
    }
}

DISPATCHED_LANES
void bk_columns(const uint64_t *rows, size_t count, uint64_t *columns, size_t stride) {
    for (size_t part = 0; part < 4; part++) {
        uint64_t words[64];
        // Row i goes to word 63 - i, so that it comes out in bit i.
        for (size_t i = 0; i < 64; i++) words[63 - i] = i < count ? rows[4 * i + part] : 0;
        transpose(words);
        for (size_t pixel = 0; pixel < 64; pixel++) columns[(64 * part + pixel) * stride] = words[pixel];
    }
}

// Gini impurity of a split, weighted by rows, is 1 - (sum of left^2 / lefts + sum of right^2 / rights) / rows: the least impurity is the largest sum.
static inline double purity(uint64_t left_squares, uint64_t left_count, uint64_t right_squares, uint64_t right_count) {
    return (double)left_squares / (double)left_count + (double)right_squares / (double)right_count;
}

enum { MOST_CLASSES = 10 };

DISPATCHED_COUNTS
bk_split bk_best_split(const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint32_t *class_ends, size_t class_count,
                       const uint8_t *features, size_t feature_count, uint32_t least_leaf) {
    uint64_t totals[MOST_CLASSES];
    uint64_t row_count = 0;
    for (size_t c = 0, word = 0; c < class_count; c++) {
        totals[c] = 0;
        for (; word < class_ends[c]; word++) totals[c] += (uint64_t)__builtin_popcountll(mask[word]);
        row_count += totals[c];
    }
    bk_split best = {-1, 0};
    double best_purity = -1;
    for (size_t position = 0; position < feature_count; position++) {
        const uint64_t *column = columns + features[position] * word_count;
        uint64_t right_count = 0, left_squares = 0, right_squares = 0;
        for (size_t c = 0, word = 0; c < class_count; c++) {
            uint64_t right = 0;
            for (; word < class_ends[c]; word++) right += (uint64_t)__builtin_popcountll(mask[word] & column[word]);
            const uint64_t left = totals[c] - right;
            right_count += right;
            right_squares += right * right;
            left_squares += left * left;
        }
        const uint64_t left_count = row_count - right_count;
        if (left_count == 0 || right_count == 0) continue;
        best.differs = 1;
        if (left_count < least_leaf || right_count < least_leaf) continue;
        const double value = purity(left_squares, left_count, right_squares, right_count);
        if (value > best_purity) {
            best_purity = value;
            best.position = (ptrdiff_t)position;
        }
    }
    return best;
}

DISPATCHED_COUNTS
bk_split bk_best_split_in_word(const uint64_t *columns, uint64_t mask, const uint64_t *class_masks, size_t class_count,
                               const uint8_t *features, size_t feature_count, uint32_t least_leaf) {
    // Most nodes of one word show few classes: the others are passed over once, not for every feature.
    uint64_t present[MOST_CLASSES], totals[MOST_CLASSES];
    size_t present_count = 0;
    for (size_t c = 0; c < class_count; c++) {
        const uint64_t rows = class_masks[c] & mask;
        if (rows == 0) continue;
        present[present_count] = rows;
        totals[present_count++] = (uint64_t)__builtin_popcountll(rows);
    }
    const uint64_t row_count = (uint64_t)__builtin_popcountll(mask);
    bk_split best = {-1, 0};
    double best_purity = -1;
    for (size_t position = 0; position < feature_count; position++) {
        const uint64_t column = columns[features[position]] & mask;
        if (column == 0 || column == mask) continue;
        best.differs = 1;
        const uint64_t right_count = (uint64_t)__builtin_popcountll(column), left_count = row_count - right_count;
        if (left_count < least_leaf || right_count < least_leaf) continue;
        uint64_t left_squares = 0, right_squares = 0;
        for (size_t c = 0; c < present_count; c++) {
            const uint64_t right = (uint64_t)__builtin_popcountll(present[c] & column), left = totals[c] - right;
            right_squares += right * right;
            left_squares += left * left;
        }
        const double value = purity(left_squares, left_count, right_squares, right_count);
        if (value > best_purity) {
            best_purity = value;
            best.position = (ptrdiff_t)position;
        }
    }
    return best;
}

DISPATCHED_LANES
void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    uint32_t pixels[8];
    for (int word = 0; word < 4; word++) {
        pixels[2 * word] = (uint32_t)(bitmap[word] >> 32);
        pixels[2 * word + 1] = (uint32_t)bitmap[word];
    }
    for (size_t group = 0; group < group_count; group++) {
        const uint32_t *root = roots + group * BK_TREES_ABREAST;
        uint32_t place[BK_TREES_ABREAST], node[BK_TREES_ABREAST];
        for (int lane = 0; lane < BK_TREES_ABREAST; lane++) place[lane] = root[lane];
        uint32_t all_leaves;
        do {
            all_leaves = 0x80000000;
            for (int lane = 0; lane < BK_TREES_ABREAST; lane++) {
                const uint32_t here = nodes[place[lane]];
                const uint32_t feature = here >> 23 & 255;
                const uint32_t set = pixels[feature >> 5] >> (31 - (feature & 31)) & 1;
                const uint32_t next = root[lane] + (here & 0x7FFFFF) + set;
                node[lane] = here;
                // A leaf stays where it is until the last tree has reached its own.
                place[lane] = (int32_t)here < 0 ? place[lane] : next;
                all_leaves &= here;
            }
        } while (all_leaves == 0);
        for (int lane = 0; lane < BK_TREES_ABREAST; lane++) leaves[group * BK_TREES_ABREAST + lane] = node[lane] & 0x7FFFFFFF;
    }
}
