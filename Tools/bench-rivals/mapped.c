/* Over a mapping: counts per APID, and with a table also the parameters.   usage: mapped FILE [TABLE] */
#include "table.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct counts counts;
static struct table table;

int main(int argc, char **argv) {
    struct stat status;
    int file = argc > 1 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0 || fstat(file, &status)) return 2;
    if (argc > 2) load(&table, argv[2]);
    size_t length = (size_t)status.st_size, at = 24;
    const uint8_t *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) return 2;
    madvise((void *)bytes, length, MADV_SEQUENTIAL);
    double values[256], sum = 0;
    uint64_t done = 0;
    while (at + 16 <= length) {
        uint32_t captured = le32(bytes + at + 8), size;
        at += 16;
        if (captured > length - at) break;
        const uint8_t *packet = unwrap(bytes + at, captured, &size);
        if (packet) {
            uint32_t id = count(&counts, packet, size);
            /* The last octets of the file have no eight behind them. */
            if (argc > 2 && at + captured + 8 <= length) {
                uint32_t n = decode(&table, id, packet, size, values);
                for (uint32_t i = 0; i < n; i++) sum += values[i];
                done += n;
            }
        } else counts.other++;
        at += captured;
    }
    report(&counts);
    printf(",\"values\":%llu,\"sum\":%.6e}\n", (unsigned long long)done, sum);
    return 0;
}
