#include "tree_kernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

#define DISPATCHED_COUNTS DISPATCHED("popcnt")
#define DISPATCHED_LANES DISPATCHED("avx2")

#define INLINED static inline __attribute__((always_inline))

// A bitmap in one register where the processor has registers of 256 bits.
typedef uint64_t words4 __attribute__((ext_vector_type(4), aligned(8)));

// Hacker's Delight, section 7-3, for the four words of all rows at once: blocks of 32, 16, ... 1 bits off the diagonal change places.
// Row i is rows[i] with its first pixel in the most significant bit; afterwards word part of rows[j] has pixel 64 part + j of row i in
// bit 63 - i.
INLINED void transpose(words4 *rows) {
    uint64_t mask = 0x00000000FFFFFFFF;
    for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
        for (int base = 0; base < 64; base += 2 * width) {
            for (int k = base; k < base + width; k++) {
                const words4 swapped = (rows[k] ^ (rows[k + width] >> width)) & mask;
                rows[k] ^= swapped;
                rows[k + width] ^= swapped << width;
            }
        }
    }
}

DISPATCHED_LANES
void bk_columns(const uint64_t *rows, size_t count, uint64_t *columns, size_t stride) {
    words4 turned[64];
    // Row i goes to place 63 - i, so that it comes out in bit i.
    for (size_t i = 0; i < 64; i++) turned[63 - i] = i < count ? *(const words4 *)(rows + 4 * i) : (words4)0;
    transpose(turned);
    for (size_t part = 0; part < 4; part++) {
        for (size_t pixel = 0; pixel < 64; pixel++) columns[(64 * part + pixel) * stride] = turned[pixel][part];
    }
}

// What a side of a split adds to the split's worth: the larger the sum of both, the less the impurity; what all splits share is left out.
// Gini: sum of squared class counts / rows. Entropy: sum over classes of n log n, less that of all rows; `terms` holds n log n.
INLINED double worth_of_side(uint64_t squares, double class_terms, uint64_t count, const double *terms) {
    return terms == NULL ? (double)squares / (double)count : class_terms - terms[count];
}

enum { MOST_CLASSES = 10 };

INLINED bk_split best_split(const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint64_t *distinct,
                            const uint32_t *class_ends, size_t class_count, const uint8_t *features, size_t feature_count,
                            uint32_t least_leaf, const double *terms) {
    uint64_t totals[MOST_CLASSES];
    uint64_t row_count = 0;
    for (size_t c = 0, word = 0; c < class_count; c++) {
        totals[c] = 0;
        for (; word < class_ends[c]; word++) totals[c] += (uint64_t)__builtin_popcountll(mask[word]);
        row_count += totals[c];
    }
    bk_split best = {-1, 0};
    double best_worth = -__builtin_inf();
    for (size_t position = 0; position < feature_count; position++) {
        const uint64_t *column = columns + features[position] * word_count;
        uint64_t right_count = 0, left_squares = 0, right_squares = 0;
        double left_terms = 0, right_terms = 0;
        for (size_t c = 0, word = 0; c < class_count; c++) {
            uint64_t right = 0;
            for (; word < class_ends[c]; word++) right += (uint64_t)__builtin_popcountll(mask[word] & column[word]);
            const uint64_t left = totals[c] - right;
            right_count += right;
            if (terms == NULL) {
                right_squares += right * right;
                left_squares += left * left;
            } else {
                right_terms += terms[right];
                left_terms += terms[left];
            }
        }
        const uint64_t left_count = row_count - right_count;
        if (left_count == 0 || right_count == 0) continue;
        best.differs = 1;
        if (least_leaf > 1) {
            uint64_t left_distinct = 0, right_distinct = 0;
            for (size_t word = 0; word < word_count; word++) {
                left_distinct += (uint64_t)__builtin_popcountll(mask[word] & distinct[word] & ~column[word]);
                right_distinct += (uint64_t)__builtin_popcountll(mask[word] & distinct[word] & column[word]);
            }
            if (left_distinct < least_leaf || right_distinct < least_leaf) continue;
        }
        const double worth =
            worth_of_side(left_squares, left_terms, left_count, terms) + worth_of_side(right_squares, right_terms, right_count, terms);
        if (worth > best_worth) {
            best_worth = worth;
            best.position = (ptrdiff_t)position;
        }
    }
    return best;
}

DISPATCHED_COUNTS
bk_split bk_best_split(const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint64_t *distinct,
                       const uint32_t *class_ends, size_t class_count, const uint8_t *features, size_t feature_count,
                       uint32_t least_leaf, const double *entropy_terms) {
    // A criterion known while compiling leaves no choice in the loop.
    if (entropy_terms == NULL) {
        return best_split(columns, word_count, mask, distinct, class_ends, class_count, features, feature_count, least_leaf, NULL);
    }
    return best_split(columns, word_count, mask, distinct, class_ends, class_count, features, feature_count, least_leaf, entropy_terms);
}

// The sums over classes stand here and in `best_split` written out: in an inlined function that both call they took an eighth more time
// (clang 21).
INLINED bk_split best_split_in_word(const uint64_t *columns, uint64_t mask, uint64_t distinct, const uint64_t *class_masks,
                                    size_t class_count, const uint8_t *features, size_t feature_count, uint32_t least_leaf,
                                    const double *terms) {
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
    double best_worth = -__builtin_inf();
    for (size_t position = 0; position < feature_count; position++) {
        const uint64_t column = columns[features[position]] & mask;
        if (column == 0 || column == mask) continue;
        best.differs = 1;
        if (least_leaf > 1) {
            const uint64_t left_distinct = (uint64_t)__builtin_popcountll(mask & distinct & ~column);
            const uint64_t right_distinct = (uint64_t)__builtin_popcountll(distinct & column);
            if (left_distinct < least_leaf || right_distinct < least_leaf) continue;
        }
        const uint64_t right_count = (uint64_t)__builtin_popcountll(column), left_count = row_count - right_count;
        uint64_t left_squares = 0, right_squares = 0;
        double left_terms = 0, right_terms = 0;
        for (size_t c = 0; c < present_count; c++) {
            const uint64_t right = (uint64_t)__builtin_popcountll(present[c] & column), left = totals[c] - right;
            if (terms == NULL) {
                right_squares += right * right;
                left_squares += left * left;
            } else {
                right_terms += terms[right];
                left_terms += terms[left];
            }
        }
        const double worth =
            worth_of_side(left_squares, left_terms, left_count, terms) + worth_of_side(right_squares, right_terms, right_count, terms);
        if (worth > best_worth) {
            best_worth = worth;
            best.position = (ptrdiff_t)position;
        }
    }
    return best;
}

DISPATCHED_COUNTS
bk_split bk_best_split_in_word(const uint64_t *columns, uint64_t mask, uint64_t distinct, const uint64_t *class_masks,
                               size_t class_count, const uint8_t *features, size_t feature_count, uint32_t least_leaf,
                               const double *entropy_terms) {
    if (entropy_terms == NULL) {
        return best_split_in_word(columns, mask, distinct, class_masks, class_count, features, feature_count, least_leaf, NULL);
    }
    return best_split_in_word(columns, mask, distinct, class_masks, class_count, features, feature_count, least_leaf, entropy_terms);
}

enum { LEAF_MARK = 0x80000000, CHILD_BITS = 23, CHILD_MASK = 0x7FFFFF };

// The bitmap as eight words of 32 pixels, the first pixel in the most significant bit.
INLINED void pixel_words(const uint64_t *bitmap, uint32_t *pixels) {
    for (int word = 0; word < 4; word++) {
        pixels[2 * word] = (uint32_t)(bitmap[word] >> 32);
        pixels[2 * word + 1] = (uint32_t)bitmap[word];
    }
}

// Two groups of 32 for every 64 trees: as many as compilers keep in registers.
enum { LANES = 32 };

DISPATCHED_LANES
static void walk_in_lanes(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    uint32_t pixels[8];
    pixel_words(bitmap, pixels);
    for (size_t group = 0; group < group_count * (BK_TREES_ABREAST / LANES); group++) {
        const uint32_t *root = roots + group * LANES;
        uint32_t place[LANES], node[LANES];
        for (int lane = 0; lane < LANES; lane++) place[lane] = root[lane];
        uint32_t all_leaves;
        do {
            all_leaves = LEAF_MARK;
            for (int lane = 0; lane < LANES; lane++) {
                const uint32_t here = nodes[place[lane]];
                const uint32_t feature = here >> CHILD_BITS & 255;
                const uint32_t set = pixels[feature >> 5] >> (31 - (feature & 31)) & 1;
                const uint32_t next = root[lane] + (here & CHILD_MASK) + set;
                node[lane] = here;
                // A leaf stays where it is until the last tree has reached its own.
                place[lane] = (int32_t)here < 0 ? place[lane] : next;
                all_leaves &= here;
            }
        } while (all_leaves == 0);
        for (int lane = 0; lane < LANES; lane++) leaves[group * LANES + lane] = node[lane] & ~LEAF_MARK;
    }
}

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

// Four chains of 16-lane gathers that do not wait for one another; the bitmap stays in a register. Compilers find neither by themselves:
// 500 trees took 3.1 us so and 9 to 14 us as they vectorise the loop above for AVX-512.
__attribute__((target("avx512f")))
static void walk_by_gathers(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    enum { CHAINS = BK_TREES_ABREAST / 16 };
    uint32_t words[16] = {0};
    pixel_words(bitmap, words);
    const __m512i pixels = _mm512_loadu_si512(words);
    const __m512i zero = _mm512_setzero_si512(), one = _mm512_set1_epi32(1), in_word = _mm512_set1_epi32(31);
    const __m512i child = _mm512_set1_epi32(CHILD_MASK);
    for (size_t group = 0; group < group_count; group++, roots += BK_TREES_ABREAST, leaves += BK_TREES_ABREAST) {
        __m512i root[CHAINS], node[CHAINS];
        for (int k = 0; k < CHAINS; k++) {
            root[k] = _mm512_loadu_si512(roots + 16 * k);
            node[k] = _mm512_i32gather_epi32(root[k], nodes, 4);
        }
        __mmask16 open;
        do {
            open = 0;
            for (int k = 0; k < CHAINS; k++) {
                const __mmask16 inner = _mm512_cmpge_epi32_mask(node[k], zero);
                const __m512i word = _mm512_permutexvar_epi32(_mm512_srli_epi32(node[k], CHILD_BITS + 5), pixels);
                const __m512i shift = _mm512_andnot_si512(_mm512_srli_epi32(node[k], CHILD_BITS), in_word);
                const __m512i set = _mm512_and_si512(_mm512_srlv_epi32(word, shift), one);
                const __m512i next = _mm512_add_epi32(_mm512_add_epi32(root[k], _mm512_and_si512(node[k], child)), set);
                node[k] = _mm512_mask_i32gather_epi32(node[k], inner, next, nodes, 4);
                open |= inner;
            }
        } while (open != 0);
        for (int k = 0; k < CHAINS; k++) _mm512_storeu_si512(leaves + 16 * k, _mm512_and_si512(node[k], _mm512_set1_epi32(~LEAF_MARK)));
    }
}

void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    if (__builtin_cpu_supports("avx512f")) {
        walk_by_gathers(nodes, roots, group_count, bitmap, leaves);
    } else {
        walk_in_lanes(nodes, roots, group_count, bitmap, leaves);
    }
}
#else
void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    walk_in_lanes(nodes, roots, group_count, bitmap, leaves);
}
#endif
