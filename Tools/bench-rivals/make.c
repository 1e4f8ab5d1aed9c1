/* Makes the benchmark's input: telemetry packets of 12 APIDs, one a UDP datagram, in a classic pcap file, and the same
   packets bare.   usage: make COUNT CAPTURE PACKETS
   A packet is 167 octets: primary header, 6 octets of CUC time, 155 octets of telemetry. One in 5,000 is missing. */
#include "walk.h"
#include <stdlib.h>

enum { SPACE = 167, APIDS = 12, WIRE = 14 + 20 + 8 + SPACE };

static uint64_t state = 20260315;
static uint64_t next(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static void put(uint8_t *p, uint64_t value, int octets) {
    while (octets--) p[octets] = (uint8_t)value, value >>= 8;
}
static uint32_t add(const uint8_t *p, int octets, uint32_t sum) {
    for (int i = 0; i + 1 < octets; i += 2) sum += be16(p + i);
    return octets % 2 ? sum + (uint32_t)(p[octets - 1] << 8) : sum;
}
static uint32_t fold(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum & 0xFFFF;
}

int main(int argc, char **argv) {
    long total = argc == 4 ? atol(argv[1]) : 0;
    FILE *capture = total ? fopen(argv[2], "wb") : NULL, *bare = total ? fopen(argv[3], "wb") : NULL;
    if (!capture || !bare) { fputs("usage: make COUNT CAPTURE PACKETS\n", stderr); return 64; }
    uint32_t head[6] = {0xA1B2C3D4, 2 | 4 << 16, 0, 0, 262144, 1};
    fwrite(head, 4, 6, capture);
    uint8_t record[16 + WIRE] = {0}, *frame = record + 16, *ip = frame + 14, *udp = ip + 20, *packet = udp + 8;
    uint16_t sequence[APIDS] = {0};
    put(frame, 0x020000000001, 6), put(frame + 6, 0x020000000002, 6), put(frame + 12, 0x0800, 2);
    for (long i = 0; i < total; i++) {
        uint64_t micros = 1773541800000000u + (uint64_t)i * 100;
        uint32_t fields[4] = {(uint32_t)(micros / 1000000), (uint32_t)(micros % 1000000), WIRE, WIRE};
        memcpy(record, fields, 16);
        int which = (int)(next() % APIDS);
        if (next() % 5000 == 0) sequence[which]++;
        put(packet, 0x0800 | (0x120 + which), 2);
        put(packet + 2, 0xC000 | (sequence[which]++ & 0x3FFF), 2);
        put(packet + 4, SPACE - 7, 2);
        put(packet + 6, (micros / 1000000 + 378691237u) << 16 | (micros % 1000000) * 65536 / 1000000, 6);
        for (int k = 12; k < SPACE; k += 8) {
            uint64_t r = next();
            memcpy(packet + k, &r, (size_t)(SPACE - k < 8 ? SPACE - k : 8));
        }
        put(ip, 0x45000000u | (WIRE - 14), 4), put(ip + 4, (uint64_t)(i & 0xFFFF) << 16 | 0x4000, 4);
        put(ip + 8, 0x3E110000u, 4), put(ip + 12, 0x0A150114, 4), put(ip + 16, 0x0A15000A, 4);
        put(ip + 10, fold(add(ip, 20, 0)), 2);
        put(udp, 41000, 2), put(udp + 2, 50100, 2), put(udp + 4, 8 + SPACE, 2), put(udp + 6, 0, 2);
        uint32_t sum = fold(add(udp, 8 + SPACE, add(ip + 12, 8, 17 + 8 + SPACE)));
        put(udp + 6, sum ? sum : 0xFFFF, 2);
        fwrite(record, 1, sizeof record, capture);
        fwrite(packet, 1, SPACE, bare);
    }
    return fclose(capture) | fclose(bare);
}
