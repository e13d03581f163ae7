#include "tree_kernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

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

INLINED void bk_columns_loop(const uint64_t *rows, size_t count, uint64_t *columns, size_t stride) {
    words4 turned[64];
    // Row i goes to place 63 - i, so that it comes out in bit i.
    for (size_t i = 0; i < 64; i++) turned[63 - i] = i < count ? *(const words4 *)(rows + 4 * i) : (words4)0;
    transpose(turned);
    for (size_t part = 0; part < 4; part++) {
        for (size_t pixel = 0; pixel < 64; pixel++) columns[(64 * part + pixel) * stride] = turned[pixel][part];
    }
}

DISPATCHED_NARROW(AVX2, void, bk_columns,
    (const uint64_t *rows, size_t count, uint64_t *columns, size_t stride),
    (rows, count, columns, stride))

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

INLINED bk_split bk_best_split_loop(const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint64_t *distinct,
                                    const uint32_t *class_ends, size_t class_count, const uint8_t *features, size_t feature_count,
                                    uint32_t least_leaf, const double *entropy_terms) {
    // A criterion known while compiling leaves no choice in the loop.
    if (entropy_terms == NULL) {
        return best_split(columns, word_count, mask, distinct, class_ends, class_count, features, feature_count, least_leaf, NULL);
    }
    return best_split(columns, word_count, mask, distinct, class_ends, class_count, features, feature_count, least_leaf, entropy_terms);
}

DISPATCHED_NARROW(POPCNT, bk_split, bk_best_split,
    (const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint64_t *distinct, const uint32_t *class_ends, size_t
     class_count, const uint8_t *features, size_t feature_count, uint32_t least_leaf, const double *entropy_terms),
    (columns, word_count, mask, distinct, class_ends, class_count, features, feature_count, least_leaf, entropy_terms))

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

INLINED bk_split bk_best_split_in_word_loop(const uint64_t *columns, uint64_t mask, uint64_t distinct, const uint64_t *class_masks,
                                            size_t class_count, const uint8_t *features, size_t feature_count, uint32_t least_leaf,
                                            const double *entropy_terms) {
    if (entropy_terms == NULL) {
        return best_split_in_word(columns, mask, distinct, class_masks, class_count, features, feature_count, least_leaf, NULL);
    }
    return best_split_in_word(columns, mask, distinct, class_masks, class_count, features, feature_count, least_leaf, entropy_terms);
}

DISPATCHED_NARROW(POPCNT, bk_split, bk_best_split_in_word,
    (const uint64_t *columns, uint64_t mask, uint64_t distinct, const uint64_t *class_masks, size_t class_count, const uint8_t
     *features, size_t feature_count, uint32_t least_leaf, const double *entropy_terms),
    (columns, mask, distinct, class_masks, class_count, features, feature_count, least_leaf, entropy_terms))
