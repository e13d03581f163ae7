#include "linear_kernels.h"
#include "dispatch.h"
#include "exponential.h"

#pragma STDC FP_CONTRACT OFF

typedef double lanes __attribute__((ext_vector_type(16), aligned(8)));
typedef float single_lanes __attribute__((ext_vector_type(16), aligned(4)));
typedef double half_lanes __attribute__((ext_vector_type(8), aligned(8)));
typedef float single_half_lanes __attribute__((ext_vector_type(8), aligned(4)));
typedef int64_t half_masks __attribute__((ext_vector_type(8), aligned(8)));

enum { NIBBLES = 16, PATTERNS = 16, HALF = BK_LANES / 2, BITMAP_WORDS = 4, FEATURES = BK_LINEAR_FEATURES };

// A word's sixteen groups of four bits each choose one of the sixteen sums of subsets of four vectors, computed beforehand: a quarter of the
// additions, whatever the bits, and the tables of one word at a time stay in the first-level cache. In a group the first vector belongs to
// the most significant bit. Once for each precision; TYPE is a vector of sixteen.
#define LANE_PRODUCTS(TYPE, words, row_count, word_count, vectors, sums)                                                                  \
    do {                                                                                                                                  \
        TYPE tables[NIBBLES][PATTERNS] __attribute__((aligned(64)));                                                                      \
        for (size_t word = 0; word < (word_count); word++) {                                                                              \
            for (int nibble = 0; nibble < NIBBLES; nibble++) {                                                                            \
                const TYPE *const group = (vectors) + 64 * word + 4 * nibble;                                                             \
                tables[nibble][0] = (TYPE)0;                                                                                              \
                for (int vector = 3, width = 1; vector >= 0; vector--, width *= 2) {                                                      \
                    for (int k = 0; k < width; k++) tables[nibble][width + k] = tables[nibble][k] + group[vector];                        \
                }                                                                                                                         \
            }                                                                                                                             \
            for (size_t row = 0; row < (row_count); row++) {                                                                              \
                const uint64_t bits = (words)[word * (row_count) + row];                                                                  \
                /* Two chains of additions, which do not wait for one another. */                                                         \
                TYPE even = (sums)[row], odd = (TYPE)0;                                                                                   \
                _Pragma("clang loop unroll(full)") for (int nibble = 0; nibble < NIBBLES; nibble += 2) {                                  \
                    even += tables[nibble][bits >> (60 - 4 * nibble) & 15];                                                               \
                    odd += tables[nibble + 1][bits >> (56 - 4 * nibble) & 15];                                                            \
                }                                                                                                                         \
                (sums)[row] = even + odd;                                                                                                 \
            }                                                                                                                             \
        }                                                                                                                                 \
    } while (0)

INLINED void bk_lane_products_loop(const uint64_t *words, size_t row_count, size_t word_count, const double *vectors, double *sums) {
    LANE_PRODUCTS(lanes, words, row_count, word_count, (const lanes *)vectors, (lanes *)sums);
}

DISPATCHED(AVX512F, AVX2, void, bk_lane_products,
    (const uint64_t *words, size_t row_count, size_t word_count, const double *vectors, double *sums),
    (words, row_count, word_count, vectors, sums))

INLINED void bk_curvature_products_loop(const uint64_t *words, size_t row_count, const uint64_t *columns, size_t block_count,
                                        const float *curvatures, const double *search, float *image, double *product) {
    single_lanes narrow[FEATURES] __attribute__((aligned(64))), sums[FEATURES] __attribute__((aligned(64)));
    for (size_t feature = 0; feature < FEATURES; feature++) {
        narrow[feature] = __builtin_convertvector(((const lanes *)search)[feature], single_lanes);
        sums[feature] = (single_lanes)0;
    }
    single_lanes *const images = (single_lanes *)image;
    for (size_t row = 0; row < row_count; row++) images[row] = narrow[FEATURES - 1];
    LANE_PRODUCTS(single_lanes, words, row_count, BITMAP_WORDS, narrow, images);
    for (size_t row = 0; row < row_count; row++) images[row] *= ((const single_lanes *)curvatures)[row];
    LANE_PRODUCTS(single_lanes, columns, (size_t)FEATURES, block_count, images, sums);
    for (size_t feature = 0; feature < FEATURES; feature++) ((lanes *)product)[feature] = __builtin_convertvector(sums[feature], lanes);
}

DISPATCHED(AVX512F, AVX2, void, bk_curvature_products,
    (const uint64_t *words, size_t row_count, const uint64_t *columns, size_t block_count, const float *curvatures, const double
     *search, float *image, double *product),
    (words, row_count, columns, block_count, curvatures, search, image, product))

INLINED void bk_curvature_diagonal_loop(const uint64_t *columns, size_t block_count, const float *curvatures, double *diagonal) {
    single_lanes sums[FEATURES] __attribute__((aligned(64)));
    for (size_t feature = 0; feature < FEATURES; feature++) sums[feature] = (single_lanes)0;
    LANE_PRODUCTS(single_lanes, columns, (size_t)FEATURES, block_count, (const single_lanes *)curvatures, sums);
    for (size_t feature = 0; feature < FEATURES; feature++) ((lanes *)diagonal)[feature] = __builtin_convertvector(sums[feature], lanes);
}

DISPATCHED(AVX512F, AVX2, void, bk_curvature_diagonal,
    (const uint64_t *columns, size_t block_count, const float *curvatures, double *diagonal),
    (columns, block_count, curvatures, diagonal))

INLINED void bk_sum_at_bits_loop(const uint64_t *bitmap, const double *vectors, double *sums) {
    lanes sum = *(const lanes *)sums;
    for (size_t word = 0; word < BITMAP_WORDS; word++) {
        for (uint64_t rest = bitmap[word]; rest != 0;) {
            const unsigned bit = (unsigned)__builtin_clzll(rest);
            sum += ((const lanes *)vectors)[64 * word + bit];
            rest &= ~(1ull << (63 - bit));
        }
    }
    *(lanes *)sums = sum;
}

DISPATCHED(AVX512F, AVX2, void, bk_sum_at_bits,
    (const uint64_t *bitmap, const double *vectors, double *sums),
    (bitmap, vectors, sums))

// 1 / (2 k + 1): past k = 16 the terms of 2 artanh(s) are below 1e-18 where s <= 1/3.
static const double odd_reciprocals[] = {
    1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25, 1.0 / 27,
    1.0 / 29, 1.0 / 31, 1.0 / 33,
};

INLINED void bk_logistic_step_loop(const double *values, const double *slopes, const double *lengths, const uint8_t *machines,
                                   size_t row_count, double c, double *moved, double *residuals, float *curvatures, double *losses) {
    for (int half = 0; half < BK_LANES; half += HALF) {
        const half_lanes length = *(const half_lanes *)(lengths + half);
        const half_masks machine = {half, half + 1, half + 2, half + 3, half + 4, half + 5, half + 6, half + 7};
        half_lanes loss = (half_lanes)0.0;
        for (size_t row = 0; row < row_count; row++) {
            const size_t at = row * BK_LANES + (size_t)half;
            const half_lanes value = *(const half_lanes *)(values + at) + length * *(const half_lanes *)(slopes + at);
            *(half_lanes *)(moved + at) = value;
            const half_lanes target = machine == (int64_t)machines[row] ? (half_lanes)1.0 : (half_lanes)-1.0;
            const half_lanes margin = target * value;
            half_lanes small;
            exp_of_minus_magnitude(&margin, &small);
            const half_lanes whole = 1.0 / (1.0 + small);
            *(half_lanes *)(residuals + at) = -c * target * (margin >= 0.0 ? small : (half_lanes)1.0) * whole;
            *(single_half_lanes *)(curvatures + at) = __builtin_convertvector(small * whole * whole, single_half_lanes);
            // log(1 + small) = 2 artanh(s), s = small / (2 + small).
            const half_lanes s = small / (2.0 + small);
            const half_lanes square = s * s;
            half_lanes series = (half_lanes)odd_reciprocals[16];
            for (int k = 15; k >= 0; k--) series = series * square + odd_reciprocals[k];
            loss += 2.0 * s * series + (margin < 0.0 ? -margin : (half_lanes)0.0);
        }
        *(half_lanes *)(losses + half) = c * loss;
    }
}

DISPATCHED(AVX512F, AVX2, void, bk_logistic_step,
    (const double *values, const double *slopes, const double *lengths, const uint8_t *machines, size_t row_count, double c, double
     *moved, double *residuals, float *curvatures, double *losses),
    (values, slopes, lengths, machines, row_count, c, moved, residuals, curvatures, losses))

INLINED void bk_conjugate_step_loop(const double *product, double c, const double *inverses, size_t count, const uint8_t *active,
                                    double *solution, double *residual, double *search, double *energies, double *norms) {
    const lanes *const products = (const lanes *)product, *const inverse = (const lanes *)inverses;
    lanes *const solutions = (lanes *)solution, *const residuals = (lanes *)residual, *const searches = (lanes *)search;
    lanes curvature = (lanes)0.0;
    for (size_t i = 0; i < count; i++) curvature += searches[i] * (searches[i] + c * products[i]);
    const lanes energy = *(const lanes *)energies;
    lanes length = (lanes)0.0;
    for (int lane = 0; lane < BK_LANES; lane++) {
        if (active[lane]) length[lane] = energy[lane] / curvature[lane];
    }
    lanes next = (lanes)0.0, norm = (lanes)0.0;
    for (size_t i = 0; i < count; i++) {
        solutions[i] += length * searches[i];
        const lanes rest = residuals[i] - length * (searches[i] + c * products[i]);
        residuals[i] = rest;
        norm += rest * rest;
        next += rest * rest * inverse[i];
    }
    lanes share = (lanes)0.0;
    for (int lane = 0; lane < BK_LANES; lane++) {
        if (active[lane]) share[lane] = next[lane] / energy[lane];
    }
    for (size_t i = 0; i < count; i++) searches[i] = residuals[i] * inverse[i] + share * searches[i];
    *(lanes *)energies = next;
    *(lanes *)norms = norm;
}

DISPATCHED(AVX512F, AVX2, void, bk_conjugate_step,
    (const double *product, double c, const double *inverses, size_t count, const uint8_t *active, double *solution, double *residual,
     double *search, double *energies, double *norms),
    (product, c, inverses, count, active, solution, residual, search, energies, norms))

INLINED void bk_count_pairs_loop(const uint64_t *columns, size_t word_count, double *counts) {
    enum { PIXELS = 256 };
    for (size_t i = 0; i < PIXELS; i++) {
        const uint64_t *const column = columns + i * word_count;
        for (size_t j = 0; j <= i; j++) {
            const uint64_t *const other = columns + j * word_count;
            uint64_t count = 0;
            for (size_t word = 0; word < word_count; word++) count += (uint64_t)__builtin_popcountll(column[word] & other[word]);
            counts[i * PIXELS + j] = counts[j * PIXELS + i] = (double)count;
        }
    }
}

DISPATCHED(AVX512, POPCNT, void, bk_count_pairs,
    (const uint64_t *columns, size_t word_count, double *counts),
    (columns, word_count, counts))
