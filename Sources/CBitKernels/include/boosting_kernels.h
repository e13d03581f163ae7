#ifndef DIGITD_BOOSTING_KERNELS_H
#define DIGITD_BOOSTING_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The loops of boosted stumps on bits, dispatched on the processor at run time as those of bit_kernels.h are. A lane is a pixel, whatever
/// the width of the registers: every sum is of the same numbers in the same order, and every choice gives the same bits.

/// For every pixel, the weight of the rows in which it is set; returns the weight of all rows.
///
/// `rows` is `count` x 4 words; `sums` receives 256 numbers. Weights are added row after row, those of all rows too: for weights that are
/// not negative a sum is never above the weight of all, and equal to it where the pixel is set in every row.
double bk_sum_weights(const uint64_t *rows, const double *weights, size_t count, double *sums);

/// Multiplies the weights of the rows in which `pixel` is as `set` says by `factor`; none of them comes out below `least`.
void bk_scale_weights(const uint64_t *rows, double *weights, size_t count, size_t pixel, int set, double factor, double least);

/// A stump and how well it does.
typedef struct {
    /// -1 where no pixel differs between rows.
    ptrdiff_t pixel;
    /// The heaviest class, the first of equal ones, among rows in which the pixel is not set, and in which it is.
    size_t unset_class, set_class;
    /// Weight of the rows of other classes than the one answered; 0 only where those are too light to be seen beside the others.
    double wrong;
} bk_stump;

/// The pixel that leaves the least weighted Gini impurity, the first of equal ones.
///
/// `sums` is `class_count` x 256: what `bk_sum_weights` gives for the rows of each class, as are the `totals`. At most 10 classes.
bk_stump bk_best_stump(const double *sums, const double *totals, size_t class_count);

#endif
