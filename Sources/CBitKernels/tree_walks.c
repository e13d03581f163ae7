#include "dispatch.h"
#include "tree_kernels.h"

enum { LEAF_MARK = 0x80000000, CHILD_BITS = 23, CHILD_MASK = 0x7FFFFF };

// The bitmap as eight words of 32 pixels, the first pixel in the most significant bit.
INLINED void pixel_words(const uint64_t *bitmap, uint32_t *pixels) {
    for (int word = 0; word < 4; word++) {
        pixels[2 * word] = (uint32_t)(bitmap[word] >> 32);
        pixels[2 * word + 1] = (uint32_t)bitmap[word];
    }
}

// Two groups of 32 for every 64 trees: as many as compilers keep in registers.
enum { LANES = 32 };

INLINED void bk_walk_trees_loop(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap,
                                uint32_t *leaves) {
    uint32_t pixels[8];
    pixel_words(bitmap, pixels);
    for (size_t group = 0; group < group_count * (BK_TREES_ABREAST / LANES); group++) {
        const uint32_t *root = roots + group * LANES;
        uint32_t place[LANES], node[LANES];
        for (int lane = 0; lane < LANES; lane++) place[lane] = root[lane];
        uint32_t all_leaves;
        do {
            all_leaves = LEAF_MARK;
            for (int lane = 0; lane < LANES; lane++) {
                const uint32_t here = nodes[place[lane]];
                const uint32_t feature = here >> CHILD_BITS & 255;
                const uint32_t set = pixels[feature >> 5] >> (31 - (feature & 31)) & 1;
                const uint32_t next = root[lane] + (here & CHILD_MASK) + set;
                node[lane] = here;
                // A leaf stays where it is until the last tree has reached its own.
                place[lane] = (int32_t)here < 0 ? place[lane] : next;
                all_leaves &= here;
            }
        } while (all_leaves == 0);
        for (int lane = 0; lane < LANES; lane++) leaves[group * LANES + lane] = node[lane] & ~LEAF_MARK;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

// Four chains of 16-lane gathers that do not wait for one another; the bitmap stays in a register. Compilers find neither by themselves:
// 500 trees took 3.1 us so and 9 to 14 us as they vectorise the loop above for AVX-512.
__attribute__((target("avx512f")))
static void walk_by_gathers(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    enum { CHAINS = BK_TREES_ABREAST / 16 };
    uint32_t words[16] = {0};
    pixel_words(bitmap, words);
    const __m512i pixels = _mm512_loadu_si512(words);
    const __m512i zero = _mm512_setzero_si512(), one = _mm512_set1_epi32(1), in_word = _mm512_set1_epi32(31);
    const __m512i child = _mm512_set1_epi32(CHILD_MASK);
    for (size_t group = 0; group < group_count; group++, roots += BK_TREES_ABREAST, leaves += BK_TREES_ABREAST) {
        __m512i root[CHAINS], node[CHAINS];
        for (int k = 0; k < CHAINS; k++) {
            root[k] = _mm512_loadu_si512(roots + 16 * k);
            node[k] = _mm512_i32gather_epi32(root[k], nodes, 4);
        }
        __mmask16 open;
        do {
            open = 0;
            for (int k = 0; k < CHAINS; k++) {
                const __mmask16 inner = _mm512_cmpge_epi32_mask(node[k], zero);
                const __m512i word = _mm512_permutexvar_epi32(_mm512_srli_epi32(node[k], CHILD_BITS + 5), pixels);
                const __m512i shift = _mm512_andnot_si512(_mm512_srli_epi32(node[k], CHILD_BITS), in_word);
                const __m512i set = _mm512_and_si512(_mm512_srlv_epi32(word, shift), one);
                const __m512i next = _mm512_add_epi32(_mm512_add_epi32(root[k], _mm512_and_si512(node[k], child)), set);
                node[k] = _mm512_mask_i32gather_epi32(node[k], inner, next, nodes, 4);
                open |= inner;
            }
        } while (open != 0);
        for (int k = 0; k < CHAINS; k++) _mm512_storeu_si512(leaves + 16 * k, _mm512_and_si512(node[k], _mm512_set1_epi32(~LEAF_MARK)));
    }
}

COMPILED_FOR(TARGET_AVX2, AVX2, void, bk_walk_trees,
    (const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves),
    (nodes, roots, group_count, bitmap, leaves))

void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    const bk_instruction_set set = bk_instruction_set_in_use();
    if (set >= BK_AVX512F) {
        walk_by_gathers(nodes, roots, group_count, bitmap, leaves);
    } else if (set >= BK_AVX2) {
        bk_walk_trees_AVX2(nodes, roots, group_count, bitmap, leaves);
    } else {
        bk_walk_trees_loop(nodes, roots, group_count, bitmap, leaves);
    }
}
#else
void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves) {
    bk_walk_trees_loop(nodes, roots, group_count, bitmap, leaves);
}
#endif

enum { PIXELS = 256, DELTA_BITS = 12, DELTA_MASK = (1 << DELTA_BITS) - 1, LEFT_DELTA = 8, RIGHT_DELTA = LEFT_DELTA + DELTA_BITS };

typedef uint8_t bytes16 __attribute__((ext_vector_type(16), aligned(1)));
typedef uint16_t controls16 __attribute__((ext_vector_type(16), aligned(2)));
typedef uint64_t words2 __attribute__((ext_vector_type(2), aligned(8)));
typedef uint32_t counts16 __attribute__((ext_vector_type(16), aligned(4)));

// For each pixel, where in a node its child is to be found: the shift in bits 0 to 7, the width of the field in bits 8 to 15. A step looks
// that up instead of the pixel.
INLINED void controls_of_pixels(const uint64_t *bitmap, uint16_t *controls) {
    const bytes16 pixel = {128, 64, 32, 16, 8, 4, 2, 1, 128, 64, 32, 16, 8, 4, 2, 1};
    for (int word = 0; word < 4; word++) {
        const bytes16 bytes = (bytes16)(words2)bitmap[word];
        // The first pixel is in the most significant bit, that of byte 7.
#define SIXTEEN(a, b)                                                                                                                     \
    do {                                                                                                                                  \
        const bytes16 spread = __builtin_shufflevector(bytes, bytes, a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b);                     \
        const bytes16 shifts = (spread & pixel) == pixel ? (bytes16)RIGHT_DELTA : (bytes16)LEFT_DELTA;                                    \
        *(controls16 *)(controls + 64 * word + 8 * (7 - (a))) =                                                                           \
            __builtin_convertvector(shifts, controls16) | (controls16)(DELTA_BITS << 8);                                                  \
    } while (0)
        SIXTEEN(7, 6);
        SIXTEEN(5, 4);
        SIXTEEN(3, 2);
        SIXTEEN(1, 0);
#undef SIXTEEN
    }
}

INLINED uint32_t child(uint32_t node, uint32_t control) { return node >> (control & 31) & DELTA_MASK; }

#if defined(__x86_64__)
__attribute__((target("bmi"))) INLINED uint32_t child_by_bextr(uint32_t node, uint32_t control) {
    return __builtin_ia32_bextr_u32(node, control);
}
#endif

// A node of four bytes holds both its children, so that leaves take no memory of their own and a step is five operations: load the node and its
// pixel's control, extract, add (six without `bextr`). Twelve trees side by side hide most of the latency of the second-level cache, where the
// nodes are, and are as many as stay in registers and on top of the stack. Walks of the shipped forest take 9.2 steps on average, 12.6 where
// the longest of twelve is waited for.
//
// On an AMD EPYC with AVX2 (Zen 1, 2.4 GHz) its 300 trees take 4.4 us so, and 6.8 us in `bk_walk_trees`. Gathers are no faster there: a gather
// of eight takes 20 cycles and more. QuickScorer (Lucchese et al., SIGIR 2015) visits all nodes whose pixel is set, here some 38,000 with a set
// of 384 leaves each; the walks take 2,750 steps.
INLINED void walk_small_trees(const uint32_t *nodes, const uint32_t *roots, size_t tree_count, size_t sure_steps, const uint64_t *bitmap,
                              uint32_t *leaves, uint32_t (*const child_of)(uint32_t, uint32_t)) {
    uint16_t controls[PIXELS];
    controls_of_pixels(bitmap, controls);
    for (size_t tree = 0; tree < tree_count; tree += BK_SMALL_TREES_ABREAST) {
        const uint32_t *place[BK_SMALL_TREES_ABREAST];
        for (int lane = 0; lane < BK_SMALL_TREES_ABREAST; lane++) {
            place[lane] = nodes + roots[tree + lane];
            __builtin_prefetch(nodes + roots[tree + BK_SMALL_TREES_ABREAST + lane]);
        }
        for (size_t step = 0; step < sure_steps; step++) {
#pragma clang loop unroll(full)
#pragma clang loop vectorize(disable)
            for (int lane = 0; lane < BK_SMALL_TREES_ABREAST; lane++) {
                const uint32_t node = *place[lane];
                place[lane] += child_of(node, controls[node % PIXELS]);
            }
        }
        uint32_t open;
        do {
            open = 0;
#pragma clang loop unroll(full)
#pragma clang loop vectorize(disable)
            for (int lane = 0; lane < BK_SMALL_TREES_ABREAST; lane++) {
                // A leaf is 0, and stays where it is.
                const uint32_t node = *place[lane];
                place[lane] += child_of(node, controls[node % PIXELS]);
                open |= node;
            }
        } while (open != 0);
        for (int lane = 0; lane < BK_SMALL_TREES_ABREAST; lane++) leaves[tree + lane] = place[lane][1];
    }
}

#if defined(__x86_64__)
__attribute__((target(TARGET_FMA)))
static void walk_small_trees_by_bextr(const uint32_t *nodes, const uint32_t *roots, size_t tree_count, size_t sure_steps,
                                      const uint64_t *bitmap, uint32_t *leaves) {
    walk_small_trees(nodes, roots, tree_count, sure_steps, bitmap, leaves, child_by_bextr);
}
#endif

void bk_walk_small_trees(const uint32_t *nodes, const uint32_t *roots, size_t tree_count, size_t sure_steps, const uint64_t *bitmap,
                         uint32_t *leaves) {
#if defined(__x86_64__)
    if (bk_instruction_set_in_use() >= BK_AVX2) {
        walk_small_trees_by_bextr(nodes, roots, tree_count, sure_steps, bitmap, leaves);
        return;
    }
#endif
    walk_small_trees(nodes, roots, tree_count, sure_steps, bitmap, leaves, child);
}

// Sixteen counters of eight bits in a register, emptied before they could overflow.
INLINED void bk_count_leaves_loop(const uint32_t *leaves, size_t leaf_count, uint32_t *counts) {
    const bytes16 numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    counts16 sums = {0};
    for (size_t first = 0; first < leaf_count; first += UINT8_MAX) {
        const size_t end = first + UINT8_MAX < leaf_count ? first + UINT8_MAX : leaf_count;
        bytes16 few = {0};
        for (size_t i = first; i < end; i++) {
            const uint8_t kind = (uint8_t)(leaves[i] < 15 ? leaves[i] : 15);
            few -= (bytes16)(numbers == (bytes16)kind);
        }
        sums += __builtin_convertvector(few, counts16);
    }
    *(counts16 *)counts = sums;
}

DISPATCHED_NARROW(AVX2, void, bk_count_leaves,
    (const uint32_t *leaves, size_t leaf_count, uint32_t *counts),
    (leaves, leaf_count, counts))
