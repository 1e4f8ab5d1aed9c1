/* Sends the UDP payloads of a classic pcap over and over, at a steady rate, to a port of this machine, for Tools/soak.
   usage: feed CAPTURE PORT RATE SECONDS      prints how many datagrams and octets were sent */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MOST = 1 << 20, PIECE = 64 };
static struct iovec payloads[MOST];

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
    if (count != 5) return fprintf(stderr, "usage: feed CAPTURE PORT RATE SECONDS\n"), 64;
    FILE *file = fopen(arguments[1], "rb");
    if (!file) return perror(arguments[1]), 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc(size);
    if (!data || fread(data, 1, size, file) != (size_t)size) return perror("read"), 2;
    int known = 0;
    for (long at = 24; at + 16 <= size && known < MOST;) {
        uint32_t length;
        memcpy(&length, data + at + 8, 4);
        /* Ethernet, IPv4 without options and UDP are 42 octets. */
        payloads[known].iov_base = data + at + 16 + 42;
        payloads[known++].iov_len = length - 42;
        at += 16 + length;
    }
    int link = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(link, (struct sockaddr *)&peer, sizeof peer)) return perror("connect"), 2;
    double rate = atof(arguments[3]), seconds = atof(arguments[4]);
    int64_t sent = 0, octets = 0, total = (int64_t)(rate * seconds), begun = now();
    struct mmsghdr messages[PIECE];
    while (sent < total) {
        int wanted = 0;
        for (; wanted < PIECE && sent + wanted < total; wanted++) {
            memset(&messages[wanted], 0, sizeof messages[wanted]);
            messages[wanted].msg_hdr.msg_iov = &payloads[(sent + wanted) % known];
            messages[wanted].msg_hdr.msg_iovlen = 1;
        }
        int64_t due = begun + (int64_t)(sent / rate * 1e9), wait = due - now();
        if (wait > 0) {
            struct timespec pause = {wait / 1000000000, wait % 1000000000};
            nanosleep(&pause, NULL);
        }
        int done = sendmmsg(link, messages, wanted, 0);
        if (done < 0) return perror("sendmmsg"), 2;
        for (int index = 0; index < done; index++) octets += messages[index].msg_len;
        sent += done;
    }
    printf("{\"datagrams\": %lld, \"octets\": %lld, \"seconds\": %.3f}\n", (long long)sent, (long long)octets,
           (now() - begun) / 1e9);
}
