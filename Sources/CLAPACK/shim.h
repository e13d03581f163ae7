// The little of LAPACK that is used, by OpenBLAS. lapacke.h itself would bring a thousand functions and complex numbers into Swift.

#ifndef CLAPACK_SHIM_H
#define CLAPACK_SHIM_H

#include <stdint.h>

enum { digitd_lapack_column_major = 102 };

// LAPACKE's 32-bit interface, which is Debian's.
int32_t LAPACKE_dsyevd(int layout, char job, char half, int32_t n, double *_Nonnull a, int32_t lda, double *_Nonnull w);

// OpenBLAS's own: how many threads a call may use.
void openblas_set_num_threads(int count);

#endif
