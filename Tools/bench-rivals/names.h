/* What the readers of messages share: a block of a file at a time, and counts per name of a message. */
#ifndef NAMES_H
#define NAMES_H
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, MOST = 1 << 16, NAMES = 1 << 12 };

struct name { uint64_t key, messages, bytes; };
struct counts { uint64_t messages, bytes, bad, fields; struct name names[NAMES]; };
static struct counts counts;
static uint8_t buffer[MOST + BLOCK + 8];

/* Counts a message by its name, which is a number. */
static inline void count(uint64_t key, size_t bytes) {
    uint32_t at = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 52);
    while (counts.names[at].key != key && counts.names[at].messages) at = (at + 1) % NAMES;
    struct name *name = &counts.names[at];
    name->key = key;
    name->messages++;
    name->bytes += bytes;
    counts.messages++;
    counts.bytes += bytes;
}

/* Gives `walk` what was read and not used yet; it says how many octets it used. */
static inline int blocks(const char *path, size_t (*walk)(uint8_t *bytes, size_t length)) {
    int file = open(path, O_RDONLY);
    if (file < 0) return 2;
    size_t have = 0;
    ssize_t n;
    do {
        if ((n = read(file, buffer + have, BLOCK)) < 0) return 2;
        have += (size_t)n;
        size_t used = walk(buffer, have);
        have -= used;
        if (have > MOST) return 2;
        memmove(buffer, buffer + used, have);
    } while (n > 0);
    int types = 0;
    for (int i = 0; i < NAMES; i++) types += counts.names[i].messages > 0;
    printf("{\"messages\":%llu,\"bytes\":%llu,\"types\":%d,\"fields\":%llu,\"bad\":%llu}\n",
           (unsigned long long)counts.messages, (unsigned long long)counts.bytes, types,
           (unsigned long long)counts.fields, (unsigned long long)counts.bad);
    return 0;
}
#endif
