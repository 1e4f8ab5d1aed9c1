/* Writes a simulated capture once more, frame by frame: `simulated CAPTURE OUTPUT` takes each frame from the pcapng, puts its
   error control (CRC-16) and the sums of IP and UDP in again, and writes the block: what is left for a program that models
   nothing. Prints how many frames there were. */
#include "walk.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

static uint16_t table[256];

static void fill(void) {
    for (int i = 0; i < 256; i++) {
        uint16_t value = (uint16_t)(i << 8);
        for (int k = 0; k < 8; k++) value = (uint16_t)(value & 0x8000 ? value << 1 ^ 0x1021 : value << 1);
        table[i] = value;
    }
}
static uint16_t crc(const uint8_t *p, long n) {
    uint16_t value = 0xFFFF;
    while (n--) value = (uint16_t)(table[value >> 8 ^ *p++] ^ value << 8);
    return value;
}
static uint32_t add(const uint8_t *p, long octets, uint32_t sum) {
    for (long i = 0; i + 1 < octets; i += 2) sum += be16(p + i);
    return octets % 2 ? sum + (uint32_t)(p[octets - 1] << 8) : sum;
}
static uint16_t fold(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}
static void put(uint8_t *p, uint16_t value) { p[0] = (uint8_t)(value >> 8), p[1] = (uint8_t)value; }

int main(int argc, char **argv) {
    if (argc != 3) { fputs("usage: simulated CAPTURE OUTPUT\n", stderr); return 64; }
    int file = open(argv[1], O_RDONLY);
    struct stat facts;
    if (file < 0 || fstat(file, &facts)) { perror(argv[1]); return 2; }
    const uint8_t *data = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    FILE *out = fopen(argv[2], "wb");
    if (data == MAP_FAILED || !out) { perror(argv[2]); return 2; }
    fill();
    static uint8_t block[1 << 17];
    long frames = 0;
    for (long at = 0; at < facts.st_size;) {
        uint32_t kind, size;
        memcpy(&kind, data + at, 4), memcpy(&size, data + at + 4, 4);
        memcpy(block, data + at, size);
        if (kind == 6) {
            uint32_t captured;
            memcpy(&captured, block + 20, 4);
            uint8_t *ip = block + 28 + 14, *udp = ip + 20, *frame = udp + 8;
            long length = (long)captured - 42;
            put(frame + length - 2, crc(frame, length - 2));
            put(ip + 10, 0), put(ip + 10, fold(add(ip, 20, 0)));
            put(udp + 6, 0);
            uint16_t sum = fold(add(udp, 8 + length, add(ip + 12, 8, (uint32_t)(17 + 8 + length))));
            put(udp + 6, sum ? sum : 0xFFFF);
            frames++;
        }
        fwrite(block, 1, size, out);
        at += size;
    }
    printf("{\"packets\": %ld}\n", frames);
    return fclose(out);
}
