#include "dispatch.h"
#include "svm_prediction.h"

// Every instruction set computes the same operations on the same numbers.
#pragma STDC FP_CONTRACT OFF

typedef double reals8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double reals4 __attribute__((ext_vector_type(4), aligned(8)));

enum { MOST = BK_MOST_CLASSES, WIDE_COLUMNS = 16, NARROW_COLUMNS = 12, VECTORS = NARROW_COLUMNS / 4, MOST_PAIRS = MOST * (MOST - 1) / 2 };

// Numbers known while compiling leave no loop.
#define FOR_ALL_CLASSES(call)                                                                                                             \
    do {                                                                                                                                  \
        { enum { k = 0 }; call; } { enum { k = 1 }; call; } { enum { k = 2 }; call; } { enum { k = 3 }; call; } { enum { k = 4 }; call; }  \
        { enum { k = 5 }; call; } { enum { k = 6 }; call; } { enum { k = 7 }; call; } { enum { k = 8 }; call; } { enum { k = 9 }; call; }  \
    } while (0)

typedef struct {
    double wins_squared[MOST_PAIRS], loses_squared[MOST_PAIRS];
    // What stands off the diagonal.
    double beside[MOST_PAIRS];
} pair_terms;

// Gauss and Jordan's elimination of a positive definite matrix, so that no pivot has to be looked for. Rows are 10 coefficients, zeros,
// and the right-hand side in the last column, which receives the solution. Columns left of the pivot are done with; the row of the next pivot
// comes first, for a division waits for it. Ten classes take 0.48 us instead of 0.77 for the whole rows on AVX2 (EPYC, 2.4 GHz).
INLINED void eliminate(double *system, const size_t count, const size_t pivot) {
    reals4 *const pivot_row = (reals4 *)(system + pivot * NARROW_COLUMNS);
    const double reciprocal = 1 / system[pivot * NARROW_COLUMNS + pivot];
    const size_t first = pivot / 4;
    reals4 scaled[VECTORS];
    for (size_t v = first; v < VECTORS; v++) pivot_row[v] = scaled[v] = pivot_row[v] * reciprocal;
    for (size_t step = 1; step < count; step++) {
        const size_t row = pivot + step < count ? pivot + step : pivot + step - count;
        const double factor = system[row * NARROW_COLUMNS + pivot];
        reals4 *const other = (reals4 *)(system + row * NARROW_COLUMNS);
        for (size_t v = first; v < VECTORS; v++) other[v] -= factor * scaled[v];
    }
}

INLINED void solve_narrow(double *system, const size_t count) {
    if (count != MOST) {
        for (size_t pivot = 0; pivot < count; pivot++) eliminate(system, count, pivot);
        return;
    }
    FOR_ALL_CLASSES(eliminate(system, MOST, k));
}

INLINED void normalize(const double *solution, const size_t stride, const size_t class_count, double *probabilities) {
    double sum = 0;
    for (size_t row = 0; row < class_count; row++) {
        const double found = solution[row * stride];
        probabilities[row] = found > 0 ? found : 0;
        sum += probabilities[row];
    }
    for (size_t row = 0; row < class_count; row++) probabilities[row] /= sum;
}

// One row of Q + e e^T and of its right-hand side e. The diagonal element is summed in a register.
INLINED void fill_row(double *system, const size_t class_count, const size_t row, const pair_terms *terms) {
    double *const elements = system + row * NARROW_COLUMNS;
    double diagonal = 1;
    size_t pair = row - 1;
    for (size_t other = 0; other < row; pair += class_count - 2 - other, other++) {
        elements[other] = terms->beside[pair];
        diagonal += terms->wins_squared[pair];
    }
    pair = row * (2 * class_count - row - 1) / 2;
    for (size_t other = row + 1; other < class_count; other++, pair++) {
        elements[other] = terms->beside[pair];
        diagonal += terms->loses_squared[pair];
    }
    elements[row] = diagonal;
    for (size_t column = class_count; column < NARROW_COLUMNS - 1; column++) elements[column] = 0;
    elements[NARROW_COLUMNS - 1] = 1;
}

INLINED void couple_narrow(const double *pairwise, const size_t class_count, double least, double *probabilities) {
    const size_t pair_count = class_count * (class_count - 1) / 2;
    pair_terms terms;
    for (size_t pair = 0; pair < pair_count; pair++) {
        const double raised = pairwise[pair] < least ? least : pairwise[pair];
        const double wins = raised > 1 - least ? 1 - least : raised;
        const double loses = 1 - wins;
        terms.beside[pair] = 1 - wins * loses;
        terms.wins_squared[pair] = wins * wins;
        terms.loses_squared[pair] = loses * loses;
    }
    double system[MOST * NARROW_COLUMNS];
    if (class_count == MOST) {
        FOR_ALL_CLASSES(fill_row(system, MOST, k, &terms));
    } else {
        for (size_t row = 0; row < class_count; row++) fill_row(system, class_count, row, &terms);
    }
    solve_narrow(system, class_count);
    normalize(system + NARROW_COLUMNS - 1, NARROW_COLUMNS, class_count, probabilities);
}

INLINED void narrow_couple_loop(const double *pairwise, size_t class_count, double least, double *probabilities) {
    // Ten classes known while compiling leave no loop.
    if (class_count == MOST) {
        couple_narrow(pairwise, MOST, least, probabilities);
    } else {
        couple_narrow(pairwise, class_count, least, probabilities);
    }
}

#if defined(__x86_64__)
// Rows of sixteen, for registers of eight: the right-hand side is in the last column there too.
INLINED void solve_wide(double *system, const size_t count) {
    for (size_t pivot = 0; pivot < count; pivot++) {
        reals8 *const pivot_row = (reals8 *)(system + pivot * WIDE_COLUMNS);
        const double reciprocal = 1 / system[pivot * WIDE_COLUMNS + pivot];
        const reals8 left = pivot_row[0] * reciprocal, right = pivot_row[1] * reciprocal;
        for (size_t row = 0; row < count; row++) {
            const double factor = system[row * WIDE_COLUMNS + pivot];
            reals8 *const other = (reals8 *)(system + row * WIDE_COLUMNS);
            other[0] -= factor * left;
            other[1] -= factor * right;
        }
        // The pivot's own row was taken from itself like the others.
        pivot_row[0] = left;
        pivot_row[1] = right;
    }
}

INLINED void couple_wide(const double *pairwise, size_t class_count, double least, double *probabilities) {
    // Q + e e^T, and its right-hand side e.
    double system[MOST * WIDE_COLUMNS] = {0};
    for (size_t row = 0; row < class_count; row++) system[row * WIDE_COLUMNS + row] = system[row * WIDE_COLUMNS + WIDE_COLUMNS - 1] = 1;
    size_t pair = 0;
    for (size_t first = 0; first < class_count; first++) {
        for (size_t second = first + 1; second < class_count; second++, pair++) {
            const double raised = pairwise[pair] < least ? least : pairwise[pair];
            const double wins = raised > 1 - least ? 1 - least : raised;
            const double loses = 1 - wins;
            system[first * WIDE_COLUMNS + second] = system[second * WIDE_COLUMNS + first] = 1 - wins * loses;
            system[first * WIDE_COLUMNS + first] += loses * loses;
            system[second * WIDE_COLUMNS + second] += wins * wins;
        }
    }
    solve_wide(system, class_count);
    normalize(system + WIDE_COLUMNS - 1, WIDE_COLUMNS, class_count, probabilities);
}

__attribute__((target(TARGET_AVX512F)))
static void wide_couple(const double *pairwise, size_t class_count, double least, double *probabilities) {
    couple_wide(pairwise, class_count, least, probabilities);
}

COMPILED_FOR(TARGET_AVX2, AVX2, void, narrow_couple,
    (const double *pairwise, size_t class_count, double least, double *probabilities),
    (pairwise, class_count, least, probabilities))

void bk_couple(const double *pairwise, size_t class_count, double least, double *probabilities) {
    const bk_instruction_set set = bk_instruction_set_in_use();
    if (set >= BK_AVX512F) {
        wide_couple(pairwise, class_count, least, probabilities);
    } else if (set >= BK_AVX2) {
        narrow_couple_AVX2(pairwise, class_count, least, probabilities);
    } else {
        narrow_couple_loop(pairwise, class_count, least, probabilities);
    }
}
#else
void bk_couple(const double *pairwise, size_t class_count, double least, double *probabilities) {
    narrow_couple_loop(pairwise, class_count, least, probabilities);
}
#endif
