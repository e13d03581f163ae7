// The little of LAPACK that is used, as types of functions: the libraries are loaded when first needed, not linked. lapacke.h itself would
// bring a thousand functions and complex numbers into Swift.

#ifndef CLAPACK_SHIM_H
#define CLAPACK_SHIM_H

#include <stdint.h>

enum { digitd_lapack_column_major = 102 };

// LAPACKE's 32-bit interface, which is Debian's. A status of 0 is success; below 0 names a wrong argument; above 0 depends on the function.
#define DIGITD_SENDABLE __attribute__((swift_attr("@Sendable")))

// LAPACKE_dsyevd: eigenvalues and eigenvectors of a symmetric matrix.
typedef int32_t (*digitd_dsyevd)(int layout, char job, char half, int32_t n, double *_Nonnull a, int32_t lda,
                                 double *_Nonnull w) DIGITD_SENDABLE;

// LAPACKE_dpotrf: Cholesky's factor.
typedef int32_t (*digitd_dpotrf)(int layout, char half, int32_t n, double *_Nonnull a, int32_t lda) DIGITD_SENDABLE;

// LAPACKE_dtrtrs: equations with a triangular matrix.
typedef int32_t (*digitd_dtrtrs)(int layout, char half, char transposed, char unit, int32_t n, int32_t columns,
                                 const double *_Nonnull a, int32_t lda, double *_Nonnull b, int32_t ldb) DIGITD_SENDABLE;

// openblas_set_num_threads: how many threads a call may use.
typedef void (*digitd_set_num_threads)(int count) DIGITD_SENDABLE;

#endif
