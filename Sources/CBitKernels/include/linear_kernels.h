#ifndef DIGITD_LINEAR_KERNELS_H
#define DIGITD_LINEAR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The loops of linear models on bits, dispatched on the processor at run time as those of bit_kernels.h are. Machines are computed side by
/// side, a lane each, and no sum runs across lanes: every choice gives the same bits, whatever the vector width.

/// Machines abreast. "Lanes" below are this many numbers, one a machine.
enum { BK_LANES = 16 };

/// sums[i] += the sum of vectors[f] over the bits f that are set in row i: a matrix of bits times a matrix of lanes.
///
/// `words` is `word_count` x `row_count`: the first words of all rows, then the second ones, first bit most significant. `vectors` is
/// 64 `word_count` x 16, `sums` `row_count` x 16.
void bk_lane_products(const uint64_t *words, size_t row_count, size_t word_count, const double *vectors, double *sums);

/// 256 pixels and a feature that is 1 in every row.
enum { BK_LINEAR_FEATURES = 257 };

/// product = X^T (q (X search)), in single precision: the data's part of a Hessian times a vector, for 16 machines.
///
/// X has `row_count` rows of 257 features. `words` is 4 x `row_count` and leaves out the last feature; `columns`, the transposed with it,
/// is `block_count` x 257, a word for 64 rows. `curvatures`, q, and the scratch `image` are 64 `block_count` x 16; `search` and `product` are
/// 257 x 16.
void bk_curvature_products(const uint64_t *words, size_t row_count, const uint64_t *columns, size_t block_count, const float *curvatures,
                           const double *search, float *image, double *product);

/// diagonal = X^T q, that of the matrix above, in single precision.
void bk_curvature_diagonal(const uint64_t *columns, size_t block_count, const float *curvatures, double *diagonal);

/// The logistic loss of 16 machines on `row_count` rows after a step, and its derivatives by the decision value.
///
/// moved[i] = values[i] + lengths slopes[i], lane by lane. Machine m has target +1 for the rows with machines[i] = m and -1 for all others.
/// With q = 1 / (1 + exp(target moved)), residuals receives -c target q, curvatures q (1 - q), and losses c times the sum over rows of
/// log(1 + exp(-target moved)), in the order of the rows. Matrices are `row_count` x 16; `lengths` and `losses` are 16.
void bk_logistic_step(const double *values, const double *slopes, const double *lengths, const uint8_t *machines, size_t row_count,
                      double c, double *moved, double *residuals, float *curvatures, double *losses);

/// One step of preconditioned conjugate gradients for 16 systems of `count` equations abreast, with matrices I + c A (Golub, Van Loan,
/// "Matrix Computations", 4th edition, section 11.5).
///
/// `product` is A times `search`; `inverses` are the reciprocals of the preconditioner's diagonal. `energies`, residual . inverse residual,
/// and `solution`, `residual` and `search` go one step on, and `norms` receives the residual's squared norm. A lane with `active` 0 keeps
/// its solution and its residual. Matrices are `count` x 16, the others 16.
void bk_conjugate_step(const double *product, double c, const double *inverses, size_t count, const uint8_t *active, double *solution,
                       double *residual, double *search, double *energies, double *norms);

/// sums += the sum of vectors[f] over the pixels f that are set in a bitmap of 4 words; `vectors` is 256 x 16.
void bk_sum_at_bits(const uint64_t *bitmap, const double *vectors, double *sums);

/// In how many rows two pixels are set, for every two: counts[i * 256 + j] = popcount(column i & column j).
///
/// `columns` is 256 x `word_count`, as `bk_columns` writes them; `counts` receives 256 x 256 whole numbers.
void bk_count_pairs(const uint64_t *columns, size_t word_count, double *counts);

#endif
