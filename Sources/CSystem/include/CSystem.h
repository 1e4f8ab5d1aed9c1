#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <stdint.h>

#include <sys/prctl.h>

#include "CSystemDatagrams.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Asks the processor to bring the line at `address` into the cache. Never faults, whatever the address.
static inline void csystem_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Lets the calling thread be woken when it asked to, and not up to 50 us later (PR_SET_TIMERSLACK in prctl(2)).
static inline void csystem_wake_exactly(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

/// Writes where `octet` stands from `from` to before `end`, the first `most` places in order; says how many were written.
/// `length` octets may be read, and `end` is no more.
static inline size_t csystem_places(const uint8_t *octets, size_t length, uint8_t octet, size_t from, size_t end,
                                    intptr_t *places, size_t most) {
    size_t count = 0, at = from;
#if defined(__SSE2__)
    if (length >= 16) {
        const __m128i wanted = _mm_set1_epi8((char)octet);
        while (at < end) {
            // The last block is read from further in front, so that it ends where the octets do.
            size_t start = at + 16 <= length ? at : length - 16;
            __m128i block = _mm_loadu_si128((const __m128i *)(octets + start));
            uint32_t marks = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted)) >> (at - start);
            while (marks) {
                size_t place = at + (size_t)__builtin_ctz(marks);
                if (place >= end || count == most) return count;
                places[count++] = (intptr_t)place;
                marks &= marks - 1;
            }
            at = start + 16;
        }
        return count;
    }
#endif
    for (; at < end && count < most; at++) {
        if (octets[at] == octet) places[count++] = (intptr_t)at;
    }
    return count;
}

/// XOR of the octets from `from` to the first one that is `octet` or below `limit`, or to before `end`; `*place` is where
/// that one stands. `length` octets may be read, and `end` is no more.
static inline uint8_t csystem_xor_until(const uint8_t *octets, size_t length, uint8_t octet, uint8_t limit, size_t from,
                                        size_t end, size_t *place) {
    size_t at = from;
    uint64_t sum = 0;
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi8((char)octet), least = _mm_set1_epi8((char)limit);
    __m128i sums = _mm_setzero_si128();
    uint32_t marks = 0;
    while (at + 16 <= end) {
        __m128i block = _mm_loadu_si128((const __m128i *)(octets + at));
        __m128i hits = _mm_cmpeq_epi8(block, wanted);
        // An octet is below the limit where the greater of both is not the octet.
        __m128i high = _mm_cmpeq_epi8(_mm_max_epu8(block, least), block);
        marks = (uint32_t)_mm_movemask_epi8(hits) | (~(uint32_t)_mm_movemask_epi8(high) & 0xFFFF);
        if (marks) break;
        sums = _mm_xor_si128(sums, block);
        at += 16;
    }
    sum = (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(sums, _mm_srli_si128(sums, 8)));
    end = marks ? at + (size_t)__builtin_ctz(marks) : end;
#endif
    (void)length;
    while (at + 8 <= end && at + 8 <= length) {
        uint64_t word;
        __builtin_memcpy(&word, octets + at, 8);
#if !defined(__SSE2__)
        const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
        uint64_t x = word ^ ones * octet;
        if ((((x - ones) & ~x) | ((word - ones * limit) & ~word)) & highs) break;
#else
        if (!marks) break;
#endif
        sum ^= word;
        at += 8;
    }
    sum ^= sum >> 32;
    sum ^= sum >> 16;
    sum ^= sum >> 8;
    while (at < end && octets[at] != octet && octets[at] >= limit) sum ^= octets[at++];
    *place = at;
    return (uint8_t)sum;
}

#endif
