#ifndef DIGITD_SVM_PREDICTION_H
#define DIGITD_SVM_PREDICTION_H

#include <stddef.h>
#include <stdint.h>

/// The loops of one prediction of one-versus-one machines, dispatched on the processor at run time as those of bit_kernels.h are; every choice
/// gives the same bits.

/// The most classes that machines distinguish: the digits.
enum { BK_MOST_CLASSES = 10 };

/// A kernel on bitmaps: a function of their squared distance, or of their dot product.
typedef struct {
    /// 257 values.
    const double *table;
    /// 16 and 17 numbers such that table[n] is fine[n % 16] * coarse[n / 16]; NULL where there are none.
    const double *fine;
    const double *coarse;
    int by_distance;
} bk_kernel;

/// What each class's support vectors add to the decision value of each machine that the class takes part in:
///
///     parts[c, m] = sum over support vectors i of class c of coefficients[i, m] * kernel(query, i)
///
/// `query` is 4 words; `blocks` is blocks x 4 words x 8 support vectors; `coefficients` is blocks x (class_count - 1) x 8. The blocks of
/// class c end at class_ends[c]. `parts` receives class_count x (class_count - 1) values, class_count 2 to 10.
void bk_decision_parts(const uint64_t *query, const uint64_t *blocks, const double *coefficients, const bk_kernel *kernel,
                       const uint32_t *class_ends, size_t class_count, double *parts);

enum {
    /// Support vectors whose coefficients stand side by side.
    BK_QUAD_ROWS = 4,
    /// Support vectors in a chunk: as many as a column has bits.
    BK_CHUNK_ROWS = 256,
    /// Columns of a chunk: one a pixel, and a blank one.
    BK_COLUMNS = 257,
};

/// The same machines laid out by columns.
///
/// The support vectors are numbered so that in blocks of eight, filled up, the first four of all blocks of class 0 come first, then the last
/// four of its blocks, then those of class 1, and so on: each is a run of quads. Sums are so those of `bk_decision_parts`, bit for bit.
typedef struct {
    /// Chunks x 257 columns x 4 words. Column 64 w + b is bit b of word w of a bitmap; support vector n of a chunk is bit n / 32 of byte n % 32.
    const uint64_t *columns;
    /// Chunks x 256: the number of pixels set.
    const uint16_t *inks;
    /// Quads x (class_count - 1) x 4.
    const double *coefficients;
    /// The quads at which the 2 x class_count runs end.
    const uint32_t *run_ends;
    size_t chunk_count;
} bk_machine_columns;

/// What `bk_decision_parts` computes, for processors without population counts of vectors.
void bk_column_parts(const uint64_t *query, const bk_machine_columns *machines, const bk_kernel *kernel, size_t class_count, double *parts);

/// The decision values of the pairs (0, 1), (0, 2), ... (1, 2), ...: what both classes add and the intercept.
///
/// `parts` as `bk_decision_parts` leaves it; `intercepts` and `decisions` hold a value a pair.
void bk_decisions(const double *parts, const double *intercepts, size_t class_count, double *decisions);

/// Bit i for values[i] > 0; `values` is 8 x `block_count`, block_count at most 8.
uint64_t bk_positive(const double *values, size_t block_count);

/// The distribution over 2 to 10 classes that fits the probabilities of every two of them: see PairwiseCoupling.swift.
///
/// `pairwise` holds the probability of the first class of each pair, which is kept `least` away from 0 and 1. `probabilities` receives
/// `class_count` values that sum to one.
void bk_couple(const double *pairwise, size_t class_count, double least, double *probabilities);

#endif
