/* What the rivals share: from a record of a classic pcap file (little-endian, Ethernet, IPv4, UDP) to its space packet,
   and the counts per APID that `starlane inspect` keeps too. Plain C, one packet at a time. */
#ifndef WALK_H
#define WALK_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static inline uint32_t be16(const uint8_t *p) { return (uint32_t)p[0] << 8 | p[1]; }
static inline uint32_t le32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static inline uint64_t be64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return __builtin_bswap64(v); }

struct apid { uint64_t packets, bytes, missing; uint32_t next; };
struct counts { uint64_t packets, bytes, other; struct apid apids[2048]; };

/* The space packet in an Ethernet frame, or NULL when it holds none. */
static inline const uint8_t *unwrap(const uint8_t *frame, uint32_t length, uint32_t *size) {
    if (length < 14 + 20 + 8 + 7 || be16(frame + 12) != 0x0800) return NULL;
    const uint8_t *ip = frame + 14;
    uint32_t header = (ip[0] & 15) * 4u, total = be16(ip + 2);
    if (ip[0] >> 4 != 4 || header < 20 || ip[9] != 17 || total + 14 > length || total < header + 8 + 7) return NULL;
    if (be16(ip + 6) & 0x3FFF) return NULL; /* a fragment */
    const uint8_t *udp = ip + header;
    uint32_t payload = be16(udp + 4);
    if (payload < 8 + 7 || header + payload > total) return NULL;
    const uint8_t *packet = udp + 8;
    *size = payload - 8;
    if (packet[0] >> 5 || be16(packet + 4) + 7 != *size) return NULL;
    return packet;
}

/* Counts a packet and returns its APID. */
static inline uint32_t count(struct counts *c, const uint8_t *packet, uint32_t size) {
    uint32_t id = be16(packet) & 0x7FF, sequence = be16(packet + 2) & 0x3FFF;
    struct apid *a = &c->apids[id];
    if (a->packets) a->missing += (sequence - a->next) & 0x3FFF;
    a->next = sequence + 1;
    a->packets++;
    a->bytes += size;
    c->packets++;
    c->bytes += size;
    return id;
}

static inline void report(const struct counts *c) {
    int apids = 0;
    uint64_t missing = 0;
    for (int i = 0; i < 2048; i++) apids += c->apids[i].packets > 0, missing += c->apids[i].missing;
    printf("{\"packets\":%llu,\"bytes\":%llu,\"apids\":%d,\"missing\":%llu", (unsigned long long)c->packets,
           (unsigned long long)c->bytes, apids, (unsigned long long)missing);
}
#endif
