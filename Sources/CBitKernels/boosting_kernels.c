#include "boosting_kernels.h"
#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

enum { PIXELS = 256, LANES = 8, WORD = 64, VECTORS = WORD / LANES };

typedef double doubles __attribute__((ext_vector_type(8), aligned(8)));
typedef uint64_t words __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t masks __attribute__((ext_vector_type(8), aligned(8)));

// The 64 pixels of one word of all rows: their sums stay in registers.
INLINED void sum_weights_of_word(const uint64_t *rows, const double *weights, size_t count, double *sums) {
    const words first_pixels = {1ull << 63, 1ull << 62, 1ull << 61, 1ull << 60, 1ull << 59, 1ull << 58, 1ull << 57, 1ull << 56};
    doubles sum[VECTORS];
    for (int v = 0; v < VECTORS; v++) sum[v] = 0;
    for (size_t row = 0; row < count; row++) {
        const words pixels = rows[4 * row];
        const doubles weight = weights[row];
#pragma clang loop unroll(full)
        for (int v = 0; v < VECTORS; v++) {
            const masks set = (pixels & (first_pixels >> (uint64_t)(LANES * v))) != 0;
            sum[v] = set ? sum[v] + weight : sum[v];
        }
    }
    for (int v = 0; v < VECTORS; v++) *(doubles *)(sums + LANES * v) = sum[v];
}

INLINED double bk_sum_weights_loop(const uint64_t *rows, const double *weights, size_t count, double *sums) {
    for (size_t word = 0; word < PIXELS / WORD; word++) sum_weights_of_word(rows + word, weights, count, sums + WORD * word);
    double total = 0;
    for (size_t row = 0; row < count; row++) total += weights[row];
    return total;
}

DISPATCHED(AVX512F, AVX2, double, bk_sum_weights,
    (const uint64_t *rows, const double *weights, size_t count, double *sums),
    (rows, weights, count, sums))

INLINED void bk_scale_weights_loop(const uint64_t *rows, double *weights, size_t count, size_t pixel, int set, double factor,
                                   double least) {
    const uint64_t wanted = set != 0;
    const uint64_t *words_of_pixel = rows + pixel / WORD;
    const uint64_t shift = WORD - 1 - pixel % WORD;
    for (size_t row = 0; row < count; row++) {
        const double scaled = weights[row] * factor;
        const double bounded = scaled < least ? least : scaled;
        weights[row] = (words_of_pixel[4 * row] >> shift & 1) == wanted ? bounded : weights[row];
    }
}

DISPATCHED(AVX512F, AVX2, void, bk_scale_weights,
    (const uint64_t *rows, double *weights, size_t count, size_t pixel, int set, double factor, double least),
    (rows, weights, count, pixel, set, factor, least))

INLINED bk_stump bk_best_stump_loop(const double *sums, const double *totals, size_t class_count) {
    // What is greatest where the impurity is least: on each side the sum of squared class weights over the weight of the side. Where a
    // pixel does not differ, one side weighs exactly nothing, and 0/0 is greater than no number.
    double worths[PIXELS];
    for (size_t first = 0; first < PIXELS; first += LANES) {
        doubles set_weight = 0, unset_weight = 0, set_squares = 0, unset_squares = 0;
        for (size_t c = 0; c < class_count; c++) {
            const doubles set = *(const doubles *)(sums + PIXELS * c + first);
            const doubles unset = totals[c] - set;
            set_weight += set;
            unset_weight += unset;
            set_squares += set * set;
            unset_squares += unset * unset;
        }
        *(doubles *)(worths + first) = set_squares / set_weight + unset_squares / unset_weight;
    }
    bk_stump best = {-1, 0, 0, 0};
    double best_worth = -1;
    for (size_t pixel = 0; pixel < PIXELS; pixel++) {
        if (worths[pixel] > best_worth) {
            best_worth = worths[pixel];
            best.pixel = (ptrdiff_t)pixel;
        }
    }
    if (best.pixel < 0) return best;
    double set_weight = 0, unset_weight = 0, set_most = -1, unset_most = -1;
    for (size_t c = 0; c < class_count; c++) {
        const double set = sums[PIXELS * c + (size_t)best.pixel], unset = totals[c] - set;
        set_weight += set;
        unset_weight += unset;
        if (set > set_most) {
            set_most = set;
            best.set_class = c;
        }
        if (unset > unset_most) {
            unset_most = unset;
            best.unset_class = c;
        }
    }
    best.wrong = (set_weight - set_most) + (unset_weight - unset_most);
    return best;
}

DISPATCHED(AVX512F, AVX2, bk_stump, bk_best_stump,
    (const double *sums, const double *totals, size_t class_count),
    (sums, totals, class_count))
