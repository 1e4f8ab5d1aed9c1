/* Frames over read(2): those of RDSS 4.0 by their lengths, those of JT/T 808 between their 7E, without their escapes;
   verifies the checks and counts per name.   usage: frames rdss4|jtt808 FILE */
#include "names.h"

static uint8_t plain[MOST];

static inline uint8_t xor(const uint8_t *p, size_t n) {
    uint8_t x = 0;
    for (size_t i = 0; i < n; i++) x ^= p[i];
    return x;
}

/* A message of JT/T 808 between two 7E. */
static inline void unescape(const uint8_t *p, size_t length) {
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = p[i];
        if (c == 0x7D) {
            if (++i == length || p[i] < 1 || p[i] > 2) {
                counts.bad++;
                return;
            }
            c = p[i] == 2 ? 0x7E : 0x7D;
        }
        plain[n++] = c;
    }
    uint32_t properties = n > 4 ? (uint32_t)plain[2] << 8 | plain[3] : 0, head = properties & 0x4000 ? 17 : 12;
    if (properties & 0x2000) head += 4;
    if (n < 13 || xor(plain, n) || (properties & 0x3FF) + head + 1 != n) {
        counts.bad++;
        return;
    }
    counts.fields += properties & 0x3FF;
    count((uint64_t)plain[0] << 8 | plain[1] | 0x10000, n - 1);
}

static size_t walk_jtt808(uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at < length) {
        uint8_t *p = bytes + at, *end = p[0] == 0x7E ? memchr(p + 1, 0x7E, length - at - 1) : NULL;
        if (p[0] == 0x7E && !end) break;
        if (end) unescape(p + 1, (size_t)(end - p) - 1);
        at += end ? (size_t)(end - p) + 1 : 1;
    }
    return at;
}

static size_t walk_rdss4(uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at + 11 <= length) {
        uint8_t *p = bytes + at;
        size_t size = (size_t)p[5] << 8 | p[6];
        if (p[0] != '$' || p[1] < 'A' || p[1] > 'Z' || size < 11 || size >= 2048) {
            at++;
            continue;
        }
        if (size > length - at) break;
        if (xor(p, size)) {
            counts.bad++;
            at++;
            continue;
        }
        uint64_t key = 0;
        memcpy(&key, p + 1, 4);
        counts.fields += size - 11;
        count(key, size);
        at += size;
    }
    return at;
}

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    return blocks(argv[2], strcmp(argv[1], "rdss4") ? walk_jtt808 : walk_rdss4);
}
