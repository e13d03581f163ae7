#ifndef DIGITD_TREE_KERNELS_H
#define DIGITD_TREE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The loops of decision trees on bits, dispatched on the processor at run time as those of bit_kernels.h are. All of them count with whole
/// numbers, or compute with the same few operations in the same order, so that every choice gives the same bits.

/// Turns up to 64 bitmaps into 256 columns.
///
/// `rows` is `count` x 4 words, count at most 64; `columns[f * stride]` receives pixel f of all rows, row i in bit i, zero past `count`.
void bk_columns(const uint64_t *rows, size_t count, uint64_t *columns, size_t stride);

/// The best of the splits that were tried.
typedef struct {
    /// The feature's place in the list, -1 where no split was admissible.
    ptrdiff_t position;
    /// Whether any of the features differs between rows of the node, admissible or not.
    int differs;
} bk_split;

/// The feature that splits a node best, the first of equal ones.
///
/// The node's rows are the bits set in `mask`, `word_count` words; `columns` is 256 x `word_count`. Rows of one class stand together:
/// those of class c are in words class_ends[c - 1]..<class_ends[c]. A split is admissible where both sides get `least_leaf` or more, at
/// least 1, of the rows in `distinct`: a bootstrap sample's copies count for the impurity, and only once for the size of a leaf.
/// The criterion is Gini's where `entropy_terms` is NULL, else the entropy; entropy_terms[n] is then n log n up to the number of rows.
bk_split bk_best_split(const uint64_t *columns, size_t word_count, const uint64_t *mask, const uint64_t *distinct,
                       const uint32_t *class_ends, size_t class_count, const uint8_t *features, size_t feature_count,
                       uint32_t least_leaf, const double *entropy_terms);

/// The same for a node of at most 64 rows: one word a column, and the rows of each class as a mask.
bk_split bk_best_split_in_word(const uint64_t *columns, uint64_t mask, uint64_t distinct, const uint64_t *class_masks,
                               size_t class_count, const uint8_t *features, size_t feature_count, uint32_t least_leaf,
                               const double *entropy_terms);

/// Trees that are walked side by side, so that the loads of one hide the latency of another's.
enum { BK_TREES_ABREAST = 64 };

/// Walks trees from root to leaf for one bitmap.
///
/// A node is 32 bits. Inner: 0, feature (8 bits), place of its left child counted from the root (23 bits); the right child stands behind
/// the left one, and a set pixel goes right. Leaf: 1, what the leaf says (31 bits).
/// `roots` holds `group_count` x 64 places in `nodes`, all below 2^31; `bitmap` is 4 words; `leaves` receives group_count x 64 leaves
/// without their mark.
void bk_walk_trees(const uint32_t *nodes, const uint32_t *roots, size_t group_count, const uint64_t *bitmap, uint32_t *leaves);

/// Trees that `bk_walk_small_trees` walks side by side.
enum { BK_SMALL_TREES_ABREAST = 12 };

/// Walks trees of less than 4,096 words from root to leaf for one bitmap.
///
/// A node is 32 bits: feature (the lowest 8 bits), how many words behind it its left child is (12 bits), the same of its right child (the
/// highest 12 bits). A leaf is a word of 0, and a word behind it that says what the leaf says. The walks take `sure_steps` steps before they
/// look whether all have come to a leaf; any number is right.
/// `roots` holds the places of the trees in `nodes`, and more of any trees up to 12 past the next multiple of 12; `bitmap` is 4 words; `leaves`
/// receives a number a tree, and has room for a multiple of 12.
void bk_walk_small_trees(const uint32_t *nodes, const uint32_t *roots, size_t tree_count, size_t sure_steps, const uint64_t *bitmap,
                         uint32_t *leaves);

/// How many of the leaves are 0, 1, ... 14, and how many are more; `counts` receives 16 numbers.
void bk_count_leaves(const uint32_t *leaves, size_t leaf_count, uint32_t *counts);

#endif
