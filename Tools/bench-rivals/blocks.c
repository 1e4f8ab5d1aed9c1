/* Over read(2) in blocks of 1 MiB: counts per APID, and with a table also the parameters.   usage: blocks FILE [TABLE] */
#include "table.h"
#include <fcntl.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, MOST = 1 << 18 };
static struct counts counts;
static struct table table;
static uint8_t buffer[MOST + BLOCK + 8];

int main(int argc, char **argv) {
    int file = argc > 1 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0) return 2;
    if (argc > 2) load(&table, argv[2]);
    double values[256], sum = 0;
    uint64_t done = 0;
    size_t have = 0, skip = 24;
    for (ssize_t n; (n = read(file, buffer + have, BLOCK)) > 0;) {
        size_t at = skip;
        have += (size_t)n;
        skip = 0;
        while (at + 16 <= have) {
            uint32_t captured = le32(buffer + at + 8), size;
            if (captured > MOST - 16) return 2;
            if (captured > have - at - 16) break;
            const uint8_t *packet = unwrap(buffer + at + 16, captured, &size);
            if (packet) {
                uint32_t id = count(&counts, packet, size);
                if (argc > 2) {
                    uint32_t m = decode(&table, id, packet, size, values);
                    for (uint32_t i = 0; i < m; i++) sum += values[i];
                    done += m;
                }
            } else counts.other++;
            at += 16 + captured;
        }
        have -= at;
        memmove(buffer, buffer + at, have);
    }
    report(&counts);
    printf(",\"values\":%llu,\"sum\":%.6e}\n", (unsigned long long)done, sum);
    return 0;
}
