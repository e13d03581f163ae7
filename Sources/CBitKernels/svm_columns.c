#include "dispatch.h"
#include "svm_prediction.h"

#include <string.h>

// The decision parts of processors whose vectors have no population counts.
//
// One digit meets all support vectors, so that counts are taken down the columns: bit j of a column is the pixel of support vector j, and the
// dot products are the sums of the columns of the digit's pixels. Sums of bits are kept as binary numbers whose digits are words of one bit a
// support vector ("bit-sliced"), and added by carry-save adders, five operations for two more columns: Mula, Kurz, Lemire, "Faster Population
// Counts Using AVX2 Instructions", The Computer Journal 61, 2018, section 5 (the Harley-Seal adder), here positional as in Klarqvist, Mula,
// Lemire, "Efficient Computation of Positional Population Counts Using SIMD Instructions", 2019, section 3. A digit with more than 128 pixels
// counts its background instead.
//
// On an AMD EPYC with AVX2 and units of 128 bits behind it (Zen 1, 2.4 GHz) 1,440 distances take 1.2 us so; a population count a word takes
// 2.4 us there, and the nibble look-up by `vpshufb` and `vpsadbw` (section 4 of the first paper) 3.5 us. The rest is a table look-up a support
// vector and nine fused multiply-adds for four of them, bound by the loads of coefficients: 2.4 us. Coefficients in single precision would be
// half as much to load, but a conversion of four takes three cycles there: 2 us more.
#pragma STDC FP_CONTRACT OFF

typedef uint64_t slices __attribute__((ext_vector_type(4), aligned(8)));
typedef uint16_t indices16 __attribute__((ext_vector_type(16), aligned(2)));
typedef uint8_t counts16 __attribute__((ext_vector_type(16), aligned(1)));
typedef double reals4 __attribute__((ext_vector_type(4), aligned(8)));
typedef double reals2 __attribute__((ext_vector_type(2), aligned(8)));

enum {
    COLUMNS = BK_COLUMNS,
    CHUNK = BK_CHUNK_ROWS,
    BYTES_OF_COLUMN = CHUNK / 8,
    QUADS_OF_CHUNK = CHUNK / BK_QUAD_ROWS,
    MOST_OTHERS = BK_MOST_CLASSES - 1,
    CHUNKS_AT_ONCE = 8,
    MOST_COUNTED = 128,
    ADDED_AT_ONCE = 16,
    BITS_OF_COUNT = 8,
};

// Where the counted columns of a chunk stand, in bytes; filled up with the blank column.
typedef struct {
    uint16_t places[MOST_COUNTED + ADDED_AT_ONCE];
    size_t count;
    // What of a column's number and a row's ink makes the index of the kernel's table: constant + ink_factor * ink + count_factor * count.
    uint16_t constant, ink_factor, count_factor;
} counted_columns;

INLINED uint64_t lowest_bit(uint64_t bits) { return bits == 0 ? 64 : (uint64_t)__builtin_ctzll(bits); }

INLINED void list_columns(const uint64_t *query, int by_distance, counted_columns *list) {
    uint64_t ink = 0;
    for (int word = 0; word < 4; word++) ink += (uint64_t)__builtin_popcountll(query[word]);
    const int background = ink > MOST_COUNTED;
    // |x - q|^2 = |q| + |x| - 2 x.q, and x.q = |x| - x.(1 - q).
    list->constant = by_distance ? (uint16_t)ink : 0;
    list->ink_factor = (uint16_t)(by_distance ? (background ? -1 : 1) : background);
    list->count_factor = (uint16_t)(by_distance ? (background ? 2 : -2) : (background ? -1 : 1));
    size_t count = 0;
    for (int word = 0; word < 4; word++) {
        uint64_t bits = background ? ~query[word] : query[word];
        const size_t end = count + (size_t)__builtin_popcountll(bits);
        // Eight at a time, some of them for nothing: a branch a bit would be mispredicted more often (Langdale, Lemire, "Parsing Gigabytes of
        // JSON per Second", The VLDB Journal 28, 2019, section 3.2).
        for (; count < end; count += 8) {
            for (int k = 0; k < 8; k++) {
                list->places[count + k] = (uint16_t)((64 * (uint64_t)word + lowest_bit(bits)) * BYTES_OF_COLUMN);
                bits &= bits - 1;
            }
        }
        count = end;
    }
    while (count % ADDED_AT_ONCE != 0) list->places[count++] = (COLUMNS - 1) * BYTES_OF_COLUMN;
    list->count = count;
}

// A full adder of three words of bits: *low + a + b = *low' + 2 *carry.
INLINED void add_columns(slices *carry, slices *low, const slices *a, const slices *b) {
    const slices unequal = *low ^ *a, addend = *b;
    *carry = (*low & *a) | (unequal & addend);
    *low = unequal ^ addend;
}

// Digit k of the sums goes to digits[k].
INLINED void count_columns(const char *chunk, const counted_columns *list, slices *digits) {
    slices ones = {0}, twos = {0}, fours = {0}, eights = {0}, high[4] = {{0}, {0}, {0}, {0}};
    for (size_t first = 0; first < list->count; first += ADDED_AT_ONCE) {
        const uint16_t *const places = list->places + first;
        slices two[2], four[2], eight[2], sixteen;
#define COLUMN(i) ((const slices *)(chunk + places[i]))
        for (int half = 0; half < 2; half++) {
            for (int quarter = 0; quarter < 2; quarter++) {
                const int at = 8 * half + 4 * quarter;
                add_columns(&two[0], &ones, COLUMN(at), COLUMN(at + 1));
                add_columns(&two[1], &ones, COLUMN(at + 2), COLUMN(at + 3));
                add_columns(&four[quarter], &twos, &two[0], &two[1]);
            }
            add_columns(&eight[half], &fours, &four[0], &four[1]);
        }
        add_columns(&sixteen, &eights, &eight[0], &eight[1]);
#undef COLUMN
        for (int k = 0; k < 4; k++) {
            const slices carry = high[k] & sixteen;
            high[k] ^= sixteen;
            sixteen = carry;
        }
    }
    digits[0] = ones, digits[1] = twos, digits[2] = fours, digits[3] = eights;
    for (int k = 0; k < 4; k++) digits[4 + k] = high[k];
}

// Eight words of binary digits become eight words of eight-bit counts: byte b of counts[i] is the count of bit i of byte b. (Hacker's Delight,
// section 7-3: blocks of 1, 2 and 4 bits off the diagonal change places.)
INLINED void counts_of_digits(slices *words) {
    static const uint64_t masks[] = {0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F};
    for (int stage = 0; stage < 3; stage++) {
        const int width = 1 << stage;
        for (int k = 0; k < BITS_OF_COUNT; k++) {
            if (k & width) continue;
            const slices swapped = ((words[k] >> (uint64_t)width) ^ words[k + width]) & masks[stage];
            words[k + width] ^= swapped;
            words[k] ^= swapped << (uint64_t)width;
        }
    }
}

INLINED void chunk_indices(const bk_machine_columns *machines, size_t chunk, const counted_columns *list, uint16_t *indices) {
    slices counts[BITS_OF_COUNT];
    count_columns((const char *)(machines->columns + chunk * COLUMNS * (BYTES_OF_COLUMN / 8)), list, counts);
    counts_of_digits(counts);
    const uint16_t *const inks = machines->inks + chunk * CHUNK;
    const indices16 constant = list->constant, ink_factor = list->ink_factor, count_factor = list->count_factor;
    for (size_t word = 0; word < BITS_OF_COUNT; word++) {
        for (size_t half = 0; half < 2; half++) {
            const size_t row = word * BYTES_OF_COLUMN + half * 16;
            const counts16 narrow = *(const counts16 *)((const char *)&counts[word] + half * 16);
            const indices16 count = __builtin_convertvector(narrow, indices16);
            const indices16 ink = *(const indices16 *)(inks + row);
            // What most digits want needs no multiplication, of which Zen 1 does one in two cycles.
            *(indices16 *)(indices + row) = list->count_factor == (uint16_t)-2 ? constant + ink - count - count
                                                                                : constant + ink_factor * ink + count_factor * count;
        }
    }
}

// Sums over some quads of kernel values times coefficients: four lanes of each of `width` sums, from `start`, or from zero where that is NULL.
INLINED void weigh_quads(const uint16_t *indices, const double *coefficients, size_t quad_count, const double *table, const size_t width,
                         const reals4 *start, reals4 *sums) {
    reals4 sum[MOST_OTHERS];
    for (size_t m = 0; m < width; m++) sum[m] = start == NULL ? (reals4)0.0 : start[m];
    for (size_t quad = 0; quad < quad_count; quad++, indices += BK_QUAD_ROWS, coefficients += width * BK_QUAD_ROWS) {
        // One load of four indices: loads are what this loop waits for.
        uint64_t four;
        memcpy(&four, indices, sizeof four);
        const reals4 values = {table[four & 0xFFFF], table[four >> 16 & 0xFFFF], table[four >> 32 & 0xFFFF], table[four >> 48]};
        for (size_t m = 0; m < width; m++) {
            sum[m] = __builtin_elementwise_fma(values, *(const reals4 *)(coefficients + m * BK_QUAD_ROWS), sum[m]);
        }
    }
    for (size_t m = 0; m < width; m++) sums[m] = sum[m];
}

INLINED void column_parts(const uint64_t *query, const bk_machine_columns *machines, const bk_kernel *kernel, const size_t class_count,
                          double *parts) {
    const size_t width = class_count - 1;
    counted_columns list;
    list_columns(query, kernel->by_distance, &list);
    uint16_t indices[CHUNKS_AT_ONCE * CHUNK];
    size_t quad = 0, known_end = 0, chunk = 0;
    for (size_t c = 0; c < class_count; c++) {
        reals4 sums[2][MOST_OTHERS];
        for (int half = 0; half < 2; half++) {
            const size_t end = machines->run_ends[2 * c + half];
            for (int is_first = 1; is_first || quad < end; is_first = 0) {
                if (quad == known_end) {
                    for (size_t k = 0; k < CHUNKS_AT_ONCE && chunk < machines->chunk_count; k++, chunk++) {
                        chunk_indices(machines, chunk, &list, indices + k * CHUNK);
                    }
                    known_end = chunk * QUADS_OF_CHUNK;
                }
                const size_t stop = end < known_end ? end : known_end;
                const uint16_t *const place = indices + quad % (CHUNKS_AT_ONCE * QUADS_OF_CHUNK) * BK_QUAD_ROWS;
                const double *const coefficients = machines->coefficients + quad * width * BK_QUAD_ROWS;
                if (is_first) {
                    weigh_quads(place, coefficients, stop - quad, kernel->table, width, NULL, sums[half]);
                } else {
                    weigh_quads(place, coefficients, stop - quad, kernel->table, width, sums[half], sums[half]);
                }
                quad = stop;
            }
        }
        for (size_t m = 0; m < width; m++) {
            const reals4 v = sums[0][m], w = sums[1][m];
            const reals4 pairs = __builtin_shufflevector(v, w, 0, 4, 2, 6) + __builtin_shufflevector(v, w, 1, 5, 3, 7);
            const reals2 halves = __builtin_shufflevector(pairs, pairs, 0, 1) + __builtin_shufflevector(pairs, pairs, 2, 3);
            parts[c * width + m] = halves[0] + halves[1];
        }
    }
}

INLINED void bk_column_parts_loop(const uint64_t *query, const bk_machine_columns *machines, const bk_kernel *kernel, size_t class_count,
                                  double *parts) {
    // A width known while compiling keeps the totals in registers.
    if (class_count == BK_MOST_CLASSES) {
        column_parts(query, machines, kernel, BK_MOST_CLASSES, parts);
    } else {
        column_parts(query, machines, kernel, class_count, parts);
    }
}

DISPATCHED_NARROW(FMA, void, bk_column_parts,
    (const uint64_t *query, const bk_machine_columns *machines, const bk_kernel *kernel, size_t class_count, double *parts),
    (query, machines, kernel, class_count, parts))
