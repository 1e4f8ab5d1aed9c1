// Datagrams for the bench of replay: a plain sender, and a receiver that counts and tells lateness by the kernel's time stamps.
//   usage: datagrams send PORT COUNT SIZE            as fast as sendmmsg(2) takes them, 64 at a time
//          datagrams receive PORT COUNT RATE          until COUNT have come, or none for two seconds; RATE 0: no lateness
//          datagrams packets INTERFACE COUNT RATE    the same for packets of an interface, by the clock of AF_PACKET
// Each begins with its number in four octets, big-endian. The datagram that came earliest by its number counts as in time.
// The receiver says a line of JSON, and "ready" on standard error when it listens.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 64, ROOM = 2048 };

static int failed(const char *what) {
    perror(what);
    return 1;
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int send_all(int port, long count, int size) {
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof to)) return failed("datagrams: connect");
    static uint8_t octets[AT_ONCE][ROOM];
    struct mmsghdr messages[AT_ONCE] = {0};
    struct iovec pieces[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
        pieces[i] = (struct iovec){octets[i], size};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int64_t start = now();
    for (long sent = 0; sent < count;) {
        int n = count - sent < AT_ONCE ? count - sent : AT_ONCE;
        for (int i = 0; i < n; i++) *(uint32_t *)octets[i] = htonl(sent + i);
        for (int done = 0; done < n;) {
            int taken = sendmmsg(s, messages + done, n - done, 0);
            if (taken < 0 && errno != ECONNREFUSED) return failed("datagrams: sendmmsg");
            if (taken > 0) done += taken;
        }
        sent += n;
    }
    double seconds = (now() - start) / 1e9;
    printf("{\"sent\": %ld, \"seconds\": %.6f, \"per_second\": %.0f}\n", count, seconds, count / seconds);
    return 0;
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int receive(int s, long count, double rate, int skip) {
    int yes = 1, size = 256 << 20;
    if (setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes)) return failed("datagrams: SO_TIMESTAMPNS");
    int64_t *stamps = malloc(count * sizeof *stamps), *late = malloc(count * sizeof *late);
    static uint8_t octets[AT_ONCE][ROOM], controls[AT_ONCE][256];
    struct mmsghdr messages[AT_ONCE] = {0};
    struct iovec pieces[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
        pieces[i] = (struct iovec){octets[i], ROOM};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_control = controls[i];
    }
    long got = 0;
    int64_t first = 0, last = 0, least = INT64_MAX, total = 0;
    fprintf(stderr, "ready\n");
    while (got < count) {
        struct pollfd question = {s, POLLIN, 0};
        if (poll(&question, 1, got ? 2000 : 30000) <= 0) break;
        for (int i = 0; i < AT_ONCE; i++) messages[i].msg_hdr.msg_controllen = sizeof controls[i];
        int n = recvmmsg(s, messages, AT_ONCE, MSG_DONTWAIT, NULL);
        for (int i = 0; i < n && got < count; i++) {
            struct cmsghdr *c = CMSG_FIRSTHDR(&messages[i].msg_hdr);
            if (messages[i].msg_len < (unsigned)skip + 4 || !c) continue;
            if (skip && (octets[i][12] != 8 || octets[i][13] != 0 || octets[i][23] != 17)) continue;
            struct timespec t;
            memcpy(&t, CMSG_DATA(c), sizeof t);
            last = t.tv_sec * 1000000000ll + t.tv_nsec;
            if (!got) first = last;
            total += messages[i].msg_len - skip;
            uint32_t number;
            memcpy(&number, octets[i] + skip, 4);
            int64_t over = rate > 0 ? last - (int64_t)(ntohl(number) * 1e9 / rate) : 0;
            late[got] = over;
            if (over < least) least = over;
            stamps[got++] = last;
        }
    }
    printf("{\"packets\": %ld, \"octets\": %ld, \"seconds\": %.6f", got, (long)total, (last - first) / 1e9);
    if (rate > 0 && got > 0) {
        for (long i = 0; i < got; i++) late[i] -= least;
        qsort(late, got, sizeof *late, by_value);
        printf(", \"median_us\": %.3f, \"p99_us\": %.3f, \"worst_us\": %.3f", late[got / 2] / 1e3, late[got * 99 / 100] / 1e3,
               late[got - 1] / 1e3);
    }
    printf("}\n");
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && !strcmp(argv[1], "send")) return send_all(atoi(argv[2]), atol(argv[3]), atoi(argv[4]));
    if (argc == 5 && !strcmp(argv[1], "receive")) {
        int s = socket(AF_INET, SOCK_DGRAM, 0);
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
        if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at)) return failed("datagrams: bind");
        return receive(s, atol(argv[3]), atof(argv[4]), 0);
    }
    if (argc == 5 && !strcmp(argv[1], "packets")) {
        int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
        struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)if_nametoindex(argv[2])};
        if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at)) return failed("datagrams: interface");
        return receive(s, atol(argv[3]), atof(argv[4]), 42);
    }
    fprintf(stderr, "usage: datagrams send PORT COUNT SIZE | receive PORT COUNT RATE | packets INTERFACE COUNT RATE\n");
    return 64;
}
