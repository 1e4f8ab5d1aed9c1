/* Parameters from a table that is read at run time: a line each with APID, bit offset, bits (1 to 57), signed, offset and
   slope of a linear calibration. */
#ifndef TABLE_H
#define TABLE_H
#include "walk.h"
#include <stdlib.h>

struct parameter { uint32_t offset, bits, is_signed; double intercept, slope; };
struct table { struct parameter *rows[2048]; uint32_t count[2048]; };

static inline void load(struct table *t, const char *path) {
    FILE *f = fopen(path, "r");
    unsigned apid, offset, bits, is_signed;
    double intercept, slope;
    if (!f) { perror(path); exit(2); }
    while (fscanf(f, "%u %u %u %u %lf %lf", &apid, &offset, &bits, &is_signed, &intercept, &slope) == 6) {
        if (apid > 2047 || bits < 1 || bits > 57) exit(2);
        t->rows[apid] = realloc(t->rows[apid], (t->count[apid] + 1) * sizeof(struct parameter));
        t->rows[apid][t->count[apid]++] = (struct parameter){offset, bits, is_signed, intercept, slope};
    }
    fclose(f);
}

/* All parameters of a packet into `values`; returns how many. The octets past the packet's end are readable: the next
   record or the padding behind the buffer. */
static inline uint32_t decode(const struct table *t, uint32_t apid, const uint8_t *packet, uint32_t size, double *values) {
    const struct parameter *row = t->rows[apid];
    uint32_t n = t->count[apid], done = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = row[i].offset + row[i].bits;
        if (end > size * 8) continue;
        uint64_t word = be64(packet + (row[i].offset >> 3)) << (row[i].offset & 7);
        double raw = row[i].is_signed ? (double)((int64_t)word >> (64 - row[i].bits)) : (double)(word >> (64 - row[i].bits));
        values[done++] = row[i].intercept + row[i].slope * raw;
    }
    return done;
}
#endif
