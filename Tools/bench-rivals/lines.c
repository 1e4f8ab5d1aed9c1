/* Sentences over read(2): finds the lines, verifies the checksums, cuts the fields, counts per name of five letters.
   usage: lines FILE */
#include "names.h"

static uint16_t starts[512];

static inline int digit(uint8_t c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* A line from $ to in front of its end; content may hold a *, so that of the check is the last one. */
static inline void sentence(const uint8_t *line, size_t length) {
    if (length < 9 || line[0] != '$' || line[length - 3] != '*') {
        counts.bad++;
        return;
    }
    uint8_t check = 0;
    uint32_t fields = 0;
    for (size_t i = 1; i < length - 3; i++) {
        check ^= line[i];
        if (line[i] == ',' && fields < 512) starts[fields++] = (uint16_t)(i + 1);
    }
    if (check != (digit(line[length - 2]) << 4 | digit(line[length - 1]))) {
        counts.bad++;
        return;
    }
    uint64_t key = 0;
    memcpy(&key, line + 1, 5);
    counts.fields += fields;
    count(key, length);
}

static size_t walk(uint8_t *bytes, size_t length) {
    size_t at = 0;
    for (uint8_t *end; (end = memchr(bytes + at, '\n', length - at)); at = (size_t)(end - bytes) + 1) {
        size_t size = (size_t)(end - bytes) - at;
        if (size && bytes[at + size - 1] == '\r') size--;
        sentence(bytes + at, size);
    }
    return at;
}

int main(int argc, char **argv) { return argc == 2 ? blocks(argv[1], walk) : 64; }
