#ifndef LIMN_CHECKSUM_SHIMS_H
#define LIMN_CHECKSUM_SHIMS_H
// XXH64 over many bytes: in C three times as fast as over a Span, which matters for whole blocks.
#include <stddef.h>
#include <stdint.h>

uint64_t limn_xxh64(const void *bytes, size_t count, uint64_t seed);
#endif
