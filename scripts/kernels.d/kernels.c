// Prints a line for each kernel of Sources/CBitKernels: a digest of what it computes from numbers drawn with a fixed seed. Whatever the
// processor and the instruction set, the lines are the same.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bit_kernels.h"
#include "boosting_kernels.h"
#include "instruction_sets.h"
#include "linear_kernels.h"
#include "neighbor_kernels.h"
#include "real_kernels.h"
#include "svm_prediction.h"
#include "tree_kernels.h"

// SplitMix64.
static uint64_t state = 2016;

static uint64_t draw(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

// -1 up to 1, of 53 bits.
static double draw_real(void) { return (double)(int64_t)(draw() >> 11) * 0x1p-52 - 1; }

static void *room(size_t bytes) {
    void *const memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (memory == NULL) abort();
    memset(memory, 0, bytes);
    return memory;
}

// FNV-1a.
static void report(const char *kernel, const void *bytes, size_t count) {
    uint64_t digest = 0xCBF29CE484222325;
    for (size_t i = 0; i < count; i++) digest = (digest ^ ((const uint8_t *)bytes)[i]) * 0x100000001B3;
    printf("%-28s %016" PRIx64 "\n", kernel, digest);
}

// Two layouts of the same numbers have to answer the same.
static void require_equal(const char *layouts, const void *left, const void *right, size_t count) {
    if (memcmp(left, right, count) == 0) return;
    fprintf(stderr, "%s compute different bits; expected the same\n", layouts);
    exit(1);
}

// Digits of about a third ink, among them a blank, a full one and some that are mostly ink.
enum { QUERY_COUNT = 64, BLOCK_COUNT = 181, ROW_COUNT = 8 * BLOCK_COUNT };

static uint64_t queries[QUERY_COUNT][4];

static void draw_bitmap(uint64_t *words) {
    for (int w = 0; w < 4; w++) words[w] = draw() & (draw() | draw());
}

static void draw_queries(void) {
    for (int i = 0; i < QUERY_COUNT; i++) {
        draw_bitmap(queries[i]);
        for (int w = 0; w < 4; w++) queries[i][w] = i == 0 ? 0 : i == 1 ? UINT64_MAX : i % 5 == 0 ? ~queries[i][w] : queries[i][w];
    }
}

static uint64_t bitmap_word(const uint64_t *blocks, size_t row, int word) { return blocks[(row / 8 * 4 + (size_t)word) * 8 + row % 8]; }

static void check_bits(const uint64_t *blocks) {
    static float table[257], values[ROW_COUNT];
    static uint16_t dots[QUERY_COUNT];
    for (int i = 0; i < 257; i++) table[i] = (float)draw_real();
    bk_values_by_dot_product(queries[3], blocks, BLOCK_COUNT, table, values);
    report("values_by_dot_product", values, sizeof values);
    bk_values_by_distance(queries[3], blocks, BLOCK_COUNT, table, values);
    report("values_by_distance", values, sizeof values);
    bk_dot_products(queries[4], queries[0], QUERY_COUNT, dots);
    report("dot_products", dots, sizeof dots);
    static uint16_t scratch[ROW_COUNT + BK_DISTANCES_ABREAST];
    static uint32_t nearest[100];
    bk_nearest_rows(queries[5], blocks, ROW_COUNT - 3, 100, scratch, nearest);
    report("nearest_rows", nearest, sizeof nearest);
    static uint64_t columns[256];
    bk_columns(queries[0], 61, columns, 1);
    report("columns", columns, sizeof columns);
}

// The same machines laid out both ways; `class_count` classes share the blocks.
static void check_machines(const uint64_t *blocks, size_t class_count) {
    const size_t width = class_count - 1;
    double *const coefficients = room(sizeof(double) * BLOCK_COUNT * 8 * width), *const quads = room(sizeof(double) * BLOCK_COUNT * 8 * width);
    const size_t chunk_count = (ROW_COUNT + BK_CHUNK_ROWS - 1) / BK_CHUNK_ROWS;
    uint64_t *const columns = room(sizeof(uint64_t) * chunk_count * BK_COLUMNS * 4);
    uint16_t *const inks = room(sizeof(uint16_t) * chunk_count * BK_CHUNK_ROWS);
    uint32_t class_ends[10], run_ends[20];
    for (size_t i = 0; i < BLOCK_COUNT * 8 * width; i++) coefficients[i] = draw() % 4 == 0 ? 0 : draw_real() * 10;
    for (size_t c = 0; c < class_count; c++) class_ends[c] = (uint32_t)(BLOCK_COUNT * (c + 1) / class_count);
    size_t quad = 0;
    for (size_t c = 0, start = 0; c < class_count; start = class_ends[c++]) {
        for (size_t half = 0; half < 2; half++) {
            for (size_t block = start; block < class_ends[c]; block++, quad++) {
                for (size_t m = 0; m < width; m++) {
                    for (size_t lane = 0; lane < 4; lane++) {
                        quads[(quad * width + m) * 4 + lane] = coefficients[(block * width + m) * 8 + 4 * half + lane];
                    }
                }
                for (size_t lane = 0; lane < 4; lane++) {
                    const size_t place = quad * 4 + lane, row = place % BK_CHUNK_ROWS;
                    uint8_t *const chunk = (uint8_t *)(columns + place / BK_CHUNK_ROWS * BK_COLUMNS * 4);
                    for (size_t pixel = 0; pixel < 256; pixel++) {
                        if (!(bitmap_word(blocks, block * 8 + 4 * half + lane, (int)(pixel / 64)) >> pixel % 64 & 1)) continue;
                        inks[place]++;
                        chunk[pixel * 32 + row % 32] |= (uint8_t)(1 << row / 32);
                    }
                }
            }
            run_ends[2 * c + half] = (uint32_t)quad;
        }
    }
    const bk_machine_columns machines = {columns, inks, quads, run_ends, chunk_count};
    static double table[257], fine[16], coarse[17];
    for (int i = 0; i < 16; i++) fine[i] = draw_real();
    for (int i = 0; i < 17; i++) coarse[i] = draw_real();
    for (int i = 0; i < 257; i++) table[i] = fine[i % 16] * coarse[i / 16];
    static double parts[QUERY_COUNT][90], by_columns[QUERY_COUNT][90];
    for (int by_distance = 0; by_distance < 2; by_distance++) {
        const bk_kernel kernel = {table, fine, coarse, by_distance};
        for (int i = 0; i < QUERY_COUNT; i++) {
            bk_decision_parts(queries[i], blocks, coefficients, &kernel, class_ends, class_count, parts[i]);
            bk_column_parts(queries[i], &machines, &kernel, class_count, by_columns[i]);
        }
        require_equal("bk_decision_parts and bk_column_parts", parts, by_columns, sizeof parts);
        report("decision_parts", parts, sizeof parts);
    }
    double decisions[48] = {0}, intercepts[48], slopes[48], offsets[48], pairwise[48], probabilities[10] = {0};
    for (int i = 0; i < 48; i++) intercepts[i] = draw_real(), slopes[i] = -3 * draw_real(), offsets[i] = draw_real();
    bk_decisions(parts[7], intercepts, class_count, decisions);
    const uint64_t positive = bk_positive(decisions, 6);
    report("positive", &positive, sizeof positive);
    bk_sigmoids(decisions, slopes, offsets, 6, pairwise);
    report("sigmoids", pairwise, sizeof pairwise);
    bk_couple(pairwise, class_count, 1e-7, probabilities);
    report("couple", probabilities, sizeof probabilities);
    free(coefficients), free(quads), free(columns), free(inks);
}

static void check_solver(void) {
    enum { BLOCKS = 37, ROWS = 8 * BLOCKS };
    static double violations[ROWS], up[ROWS], low[ROWS], diagonal[ROWS];
    static float row_i[ROWS], row_j[ROWS];
    for (int i = 0; i < ROWS; i++) {
        violations[i] = draw_real(), diagonal[i] = 1, row_i[i] = (float)draw_real(), row_j[i] = (float)draw_real();
        up[i] = draw() % 3 == 0 ? -__builtin_inf() : 0, low[i] = draw() % 3 == 0 ? __builtin_inf() : 0;
    }
    const bk_extremes extremes = bk_smo_step(violations, up, low, row_i, row_j, 0.37, BLOCKS);
    report("smo_step", violations, sizeof violations);
    report("smo_step, extremes", &extremes, sizeof extremes);
    const ptrdiff_t second = bk_smo_second_row(violations, low, diagonal, row_i, extremes.up_violation, 1, 1e-12, BLOCKS);
    report("smo_second_row", &second, sizeof second);
}

// Trees with a node for every step of a walk; the same ones in both formats.
static void check_trees(void) {
    enum { TREES = 128, DEPTH = 5, INNER = (1 << DEPTH) - 1, LEAVES = 1 << DEPTH, WIDE = INNER + LEAVES, SMALL = INNER + 2 * LEAVES };
    static uint32_t wide[TREES * WIDE], small[TREES * SMALL], wide_roots[TREES], small_roots[TREES + 2 * BK_SMALL_TREES_ABREAST];
    for (uint32_t tree = 0; tree < TREES; tree++) {
        wide_roots[tree] = tree * WIDE, small_roots[tree] = tree * SMALL;
        for (uint32_t node = 0; node < INNER; node++) {
            const uint32_t feature = (uint32_t)(draw() % 256), left = 2 * node + 1, right = 2 * node + 2;
            wide[tree * WIDE + node] = feature << 23 | left;
            const uint32_t small_left = left < INNER ? left : INNER + 2 * (left - INNER);
            const uint32_t small_right = right < INNER ? right : INNER + 2 * (right - INNER);
            small[tree * SMALL + node] = feature | (small_left - node) << 8 | (small_right - node) << 20;
        }
        for (uint32_t leaf = 0; leaf < LEAVES; leaf++) {
            const uint32_t kind = (uint32_t)(draw() % 20);
            wide[tree * WIDE + INNER + leaf] = 0x80000000 | kind;
            small[tree * SMALL + INNER + 2 * leaf + 1] = kind;
        }
    }
    static uint32_t leaves[QUERY_COUNT][TREES], small_leaves[QUERY_COUNT][TREES + BK_SMALL_TREES_ABREAST], counts[16];
    static uint32_t same[QUERY_COUNT][TREES];
    for (int i = 0; i < QUERY_COUNT; i++) {
        bk_walk_trees(wide, wide_roots, TREES / BK_TREES_ABREAST, queries[i], leaves[i]);
        bk_walk_small_trees(small, small_roots, TREES, (size_t)i % 8, queries[i], small_leaves[i]);
        memcpy(same[i], small_leaves[i], sizeof same[i]);
    }
    require_equal("bk_walk_trees and bk_walk_small_trees", leaves, same, sizeof leaves);
    report("walk_trees", leaves, sizeof leaves);
    bk_count_leaves(leaves[0], QUERY_COUNT * TREES, counts);
    report("count_leaves", counts, sizeof counts);
}

static void check_splits(void) {
    enum { WORDS = 10 };
    static uint64_t columns[256 * WORDS], mask[WORDS], distinct[WORDS];
    static uint8_t features[256];
    uint32_t class_ends[10];
    for (int i = 0; i < 256 * WORDS; i++) columns[i] = draw() & draw();
    for (int i = 0; i < WORDS; i++) mask[i] = draw(), distinct[i] = draw() | draw(), class_ends[i] = (uint32_t)i + 1;
    for (int i = 0; i < 256; i++) features[i] = (uint8_t)(255 - i);
    uint64_t numbers[4];
    bk_split split = bk_best_split(columns, WORDS, mask, distinct, class_ends, 10, features, 256, 2, NULL);
    numbers[0] = (uint64_t)split.position, numbers[1] = (uint64_t)split.differs;
    split = bk_best_split_in_word(columns, mask[0], distinct[0], mask, 10, features, 256, 1, NULL);
    numbers[2] = (uint64_t)split.position, numbers[3] = (uint64_t)split.differs;
    report("best_split", numbers, sizeof numbers);
}

static void check_reals(const uint64_t *blocks) {
    enum { ROWS = 100, DIMENSIONS = 19 };
    static double vectors[257 * BK_LANES], sums[ROWS * BK_LANES], query[DIMENSIONS], points[DIMENSIONS * 8 * 5], values[8 * 5];
    for (int i = 0; i < 257 * BK_LANES; i++) vectors[i] = draw_real();
    bk_lane_products(blocks, ROWS, 4, vectors, sums);
    report("lane_products", sums, sizeof sums);
    bk_sum_at_bits(queries[2], vectors, sums);
    report("sum_at_bits", sums, sizeof(double) * BK_LANES);
    for (int i = 0; i < DIMENSIONS; i++) query[i] = draw_real();
    for (int i = 0; i < DIMENSIONS * 8 * 5; i++) points[i] = draw_real();
    bk_real_dot_products(query, points, DIMENSIONS, 5, values);
    report("real_dot_products", values, sizeof values);
    bk_real_distances(query, points, DIMENSIONS, 5, values);
    report("real_distances", values, sizeof values);
    static double counts[256 * 256];
    bk_count_pairs(blocks, 5, counts);
    report("count_pairs", counts, sizeof counts);
    static double weights[QUERY_COUNT], pixel_sums[256];
    for (int i = 0; i < QUERY_COUNT; i++) weights[i] = draw_real() + 1;
    bk_scale_weights(queries[0], weights, QUERY_COUNT, 77, 1, 1.5, 1e-9);
    const double total = bk_sum_weights(queries[0], weights, QUERY_COUNT, pixel_sums);
    report("sum_weights", pixel_sums, sizeof pixel_sums);
    const bk_stump stump = bk_best_stump(pixel_sums, &total, 1);
    report("best_stump", &stump.wrong, sizeof stump.wrong);
}

int main(void) {
    draw_queries();
    uint64_t *const blocks = room(sizeof(uint64_t) * BLOCK_COUNT * 32);
    for (size_t row = 0; row < ROW_COUNT; row++) {
        uint64_t words[4];
        draw_bitmap(words);
        for (size_t w = 0; w < 4; w++) blocks[(row / 8 * 4 + w) * 8 + row % 8] = words[w];
    }
    check_bits(blocks);
    const size_t class_counts[] = {2, 7, 10};
    for (int i = 0; i < 3; i++) check_machines(blocks, class_counts[i]);
    check_solver();
    check_trees();
    check_splits();
    check_reals(blocks);
    free(blocks);
    return 0;
}
