// Algorithm: Yann Collet, xxHash specification, section XXH64.
#include "ChecksumShims.h"
#include <string.h>

static const uint64_t prime1 = 0x9E3779B185EBCA87ULL;
static const uint64_t prime2 = 0xC2B2AE3D27D4EB4FULL;
static const uint64_t prime3 = 0x165667B19E3779F9ULL;
static const uint64_t prime4 = 0x85EBCA77C2B2AE63ULL;
static const uint64_t prime5 = 0x27D4EB2F165667C5ULL;

static inline uint64_t rotate(uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }

// Little-endian as the specification says; a big-endian machine would swap here.
static inline uint64_t load64(const unsigned char *at) {
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

static inline uint32_t load32(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

static inline uint64_t take(uint64_t lane, uint64_t input) { return rotate(lane + input * prime2, 31) * prime1; }

static inline uint64_t merge(uint64_t result, uint64_t lane) {
    return (result ^ take(0, lane)) * prime1 + prime4;
}

uint64_t limn_xxh64(const void *bytes, size_t count, uint64_t seed) {
    const unsigned char *at = bytes;
    size_t left = count;
    uint64_t result;
    if (left >= 32) {
        uint64_t one = seed + prime1 + prime2, two = seed + prime2, three = seed, four = seed - prime1;
        for (; left >= 32; left -= 32, at += 32) {
            one = take(one, load64(at));
            two = take(two, load64(at + 8));
            three = take(three, load64(at + 16));
            four = take(four, load64(at + 24));
        }
        result = rotate(one, 1) + rotate(two, 7) + rotate(three, 12) + rotate(four, 18);
        result = merge(merge(merge(merge(result, one), two), three), four);
    } else {
        result = seed + prime5;
    }
    result += count;
    for (; left >= 8; left -= 8, at += 8) {
        result ^= take(0, load64(at));
        result = rotate(result, 27) * prime1 + prime4;
    }
    if (left >= 4) {
        result ^= load32(at) * prime1;
        result = rotate(result, 23) * prime2 + prime3;
        left -= 4;
        at += 4;
    }
    for (; left > 0; left -= 1, at += 1) {
        result ^= *at * prime5;
        result = rotate(result, 11) * prime1;
    }
    result = (result ^ (result >> 33)) * prime2;
    result = (result ^ (result >> 29)) * prime3;
    return result ^ (result >> 32);
}
