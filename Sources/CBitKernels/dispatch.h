#ifndef DIGITD_DISPATCH_H
#define DIGITD_DISPATCH_H

// DISPATCHED("avx2", ...) compiles a function for several instruction sets, and for the baseline; the loader picks the best clone once.
// arm64 has vectors with popcounts in its baseline. Under the thread sanitizer there are no clones: the resolvers that pick them would be
// instrumented, and run before the sanitizer does.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DISPATCHED(...)
#endif
#endif
#if !defined(DISPATCHED) && defined(__x86_64__) && defined(__linux__)
#define DISPATCHED(...) __attribute__((target_clones(__VA_ARGS__, "default")))
#elif !defined(DISPATCHED)
#define DISPATCHED(...)
#endif

#endif
