// zlib's macros, in forms that Swift can call.

#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

// Begins to unpack gzip's format, and no other of zlib's.
static inline int digitd_begin_gunzip(z_stream *_Nonnull stream) {
    enum { gzip_format = 16 };
    return inflateInit2(stream, gzip_format + MAX_WBITS);
}

// Begins to unpack gzip's or zlib's format, whichever comes.
static inline int digitd_begin_inflate(z_stream *_Nonnull stream) {
    enum { either_format = 32 };
    return inflateInit2(stream, either_format + MAX_WBITS);
}

#endif
