// recvmmsg(2), sendmmsg(2) and control messages: what Swift has no words for.
#define _GNU_SOURCE
#include "CSystemDatagrams.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

// Most datagrams are short: their octets lie close together. What is longer goes on in a large room of its own, whose
// pages cost nothing until they are used, and is put together there.
enum { SHORT = 2048, LONG = 65536, CONTROL = 192, QUEUED_INDEX = 0, DROPS_INDEX = 8 };

struct csystem_receiver {
    unsigned most;
    uint8_t *near, *far;
    size_t farSize;
    struct mmsghdr *messages;
    struct iovec *pieces;
    struct sockaddr_storage *senders;
    uint8_t *controls;
    csystem_datagram *datagrams;
};

static uint8_t *near_room(const csystem_receiver *r, unsigned i) {
    return r->near + (size_t)i * (CSYSTEM_HEADROOM + SHORT) + CSYSTEM_HEADROOM;
}

// Behind room for a header and for what came into the short room.
static uint8_t *far_room(const csystem_receiver *r, unsigned i) {
    return r->far + (size_t)i * (CSYSTEM_HEADROOM + SHORT + LONG) + CSYSTEM_HEADROOM + SHORT;
}

csystem_receiver *csystem_receiver_make(unsigned most) {
    csystem_receiver *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->most = most;
    r->near = malloc((size_t)most * (CSYSTEM_HEADROOM + SHORT));
    r->farSize = (size_t)most * (CSYSTEM_HEADROOM + SHORT + LONG);
    r->far = mmap(NULL, r->farSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    r->messages = calloc(most, sizeof *r->messages);
    r->pieces = calloc((size_t)most * 2, sizeof *r->pieces);
    r->senders = calloc(most, sizeof *r->senders);
    r->controls = calloc(most, CONTROL);
    r->datagrams = calloc(most, sizeof *r->datagrams);
    if (!r->near || r->far == MAP_FAILED || !r->messages || !r->pieces || !r->senders || !r->controls ||
        !r->datagrams) {
        csystem_receiver_free(r);
        return NULL;
    }
    for (unsigned i = 0; i < most; i++) {
        struct iovec *pieces = r->pieces + 2 * (size_t)i;
        pieces[0] = (struct iovec){near_room(r, i), SHORT};
        pieces[1] = (struct iovec){far_room(r, i), LONG};
        r->messages[i].msg_hdr.msg_iov = pieces;
        r->messages[i].msg_hdr.msg_iovlen = 2;
        r->messages[i].msg_hdr.msg_name = r->senders + i;
        r->messages[i].msg_hdr.msg_control = r->controls + (size_t)i * CONTROL;
    }
    return r;
}

void csystem_receiver_free(csystem_receiver *r) {
    if (!r) return;
    free(r->near);
    if (r->far && r->far != MAP_FAILED) munmap(r->far, r->farSize);
    free(r->messages);
    free(r->pieces);
    free(r->senders);
    free(r->controls);
    free(r->datagrams);
    free(r);
}

int csystem_receiver_prepare(int descriptor, int family, int buffer) {
    int yes = 1;
    // Beyond the administrator's limit only with the right to it; without, as much as there is.
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) != 0) return errno;
    setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof yes);
    // Only groups that this socket has joined, not those of every program of the machine.
    int no = 0;
    setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_ALL, &no, sizeof no);
    if (family == AF_INET6) {
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &no, sizeof no);
        // A socket of both families gives IPv4 addresses as mapped ones, by the same option.
        if (setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof yes) != 0) return errno;
    } else if (setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes) != 0) {
        return errno;
    }
    return 0;
}

static void read_ipv6(const struct in6_addr *address, int family, uint64_t *high, uint64_t *low) {
    memcpy(high, address->s6_addr, 8);
    memcpy(low, address->s6_addr + 8, 8);
    *high = be64toh(*high);
    *low = be64toh(*low);
    // A mapped address is an IPv4 address in its last four octets.
    if (family == 4) {
        *high = 0;
        *low &= 0xFFFFFFFF;
    }
}

static void read_sender(csystem_datagram *d, const struct sockaddr_storage *sender) {
    d->family = 0;
    if (sender->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)sender;
        d->family = 4;
        d->port = ntohs(in->sin_port);
        d->sourceHigh = 0;
        d->sourceLow = ntohl(in->sin_addr.s_addr);
    } else if (sender->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)sender;
        d->port = ntohs(in->sin6_port);
        d->family = IN6_IS_ADDR_V4MAPPED(&in->sin6_addr) ? 4 : 6;
        read_ipv6(&in->sin6_addr, d->family, &d->sourceHigh, &d->sourceLow);
    }
}

static void read_controls(csystem_datagram *d, struct msghdr *message) {
    d->time = INT64_MIN;
    d->hasDropped = d->hasDestination = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec time;
            memcpy(&time, CMSG_DATA(c), sizeof time);
            d->time = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&d->dropped, CMSG_DATA(c), sizeof d->dropped);
            d->hasDropped = 1;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO && d->family == 4) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            d->destinationHigh = 0;
            d->destinationLow = ntohl(info.ipi_addr.s_addr);
            d->hasDestination = 1;
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            read_ipv6(&info.ipi6_addr, d->family, &d->destinationHigh, &d->destinationLow);
            d->hasDestination = 1;
        }
    }
}

int csystem_receive(csystem_receiver *r, int descriptor, unsigned most) {
    if (most > r->most) most = r->most;
    for (unsigned i = 0; i < most; i++) {
        r->messages[i].msg_hdr.msg_namelen = sizeof r->senders[i];
        r->messages[i].msg_hdr.msg_controllen = CONTROL;
    }
    int count = recvmmsg(descriptor, r->messages, most, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        csystem_datagram *d = r->datagrams + i;
        uint32_t length = r->messages[i].msg_len;
        d->length = length;
        d->octets = near_room(r, (unsigned)i);
        if (length > SHORT) {
            uint8_t *start = far_room(r, (unsigned)i) - SHORT;
            memcpy(start, d->octets, SHORT);
            d->octets = start;
        }
        read_sender(d, r->senders + i);
        read_controls(d, &r->messages[i].msg_hdr);
    }
    return count;
}

const csystem_datagram *csystem_received(const csystem_receiver *r, unsigned index) { return r->datagrams + index; }

void csystem_put_in_front(const csystem_datagram *d, const uint8_t *header, size_t length) {
    memcpy((uint8_t *)d->octets - length, header, length);
}

static int64_t memory_info(int descriptor, unsigned index) {
    uint32_t numbers[16] = {0};
    socklen_t length = sizeof numbers;
    if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, numbers, &length) != 0) return -1;
    return length > index * sizeof numbers[0] ? (int64_t)numbers[index] : -1;
}

int64_t csystem_dropped(int descriptor) { return memory_info(descriptor, DROPS_INDEX); }

int64_t csystem_queued(int descriptor) { return memory_info(descriptor, QUEUED_INDEX); }

int csystem_join(int descriptor, int isIPv6, const uint8_t *group, unsigned interface) {
    struct group_req request;
    memset(&request, 0, sizeof request);
    request.gr_interface = interface;
    if (isIPv6) {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)&request.gr_group;
        in->sin6_family = AF_INET6;
        memcpy(&in->sin6_addr, group, 16);
    } else {
        struct sockaddr_in *in = (struct sockaddr_in *)&request.gr_group;
        in->sin_family = AF_INET;
        memcpy(&in->sin_addr, group, 4);
    }
    int level = isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP;
    return setsockopt(descriptor, level, MCAST_JOIN_GROUP, &request, sizeof request) == 0 ? 0 : errno;
}

int csystem_address(const char *text, uint8_t *octets) {
    if (inet_pton(AF_INET, text, octets) == 1) return 4;
    return inet_pton(AF_INET6, text, octets) == 1 ? 16 : 0;
}

// A message that the system cuts into datagrams of one length holds no more of them, and no more octets (udp(7)).
enum { JOINED_MOST = 64, JOINED_OCTETS = 65000 };

// How many datagrams from `index` on are as long as the first, but for a last one that may be shorter.
static unsigned run_length(size_t start, const intptr_t *ends, unsigned index, unsigned count, size_t longest) {
    size_t first = (size_t)ends[index] - start;
    if (first == 0 || first > longest) return 1;
    unsigned run = 1;
    for (size_t total = first; index + run < count && run < JOINED_MOST; run++) {
        size_t length = (size_t)ends[index + run] - (size_t)ends[index + run - 1];
        total += length;
        if (length == 0 || length > first || total > JOINED_OCTETS) break;
        if (length < first) return run + 1;
    }
    return run;
}

int csystem_send(int descriptor, const uint8_t *octets, size_t start, const intptr_t *ends, unsigned count,
                 size_t *longest) {
    struct mmsghdr messages[CSYSTEM_SEND_MOST];
    struct iovec pieces[CSYSTEM_SEND_MOST];
    unsigned behind[CSYSTEM_SEND_MOST];
    _Alignas(struct cmsghdr) uint8_t controls[CSYSTEM_SEND_MOST][CMSG_SPACE(sizeof(uint16_t))];
    if (count > CSYSTEM_SEND_MOST) count = CSYSTEM_SEND_MOST;
    unsigned used = 0;
    for (unsigned index = 0; index < count; used++) {
        unsigned run = longest ? run_length(start, ends, index, count, *longest) : 1;
        uint16_t length = (uint16_t)((size_t)ends[index] - start);
        index += run;
        size_t end = (size_t)ends[index - 1];
        pieces[used] = (struct iovec){(void *)(octets + start), end - start};
        behind[used] = index;
        start = end;
        memset(&messages[used], 0, sizeof messages[used]);
        struct msghdr *message = &messages[used].msg_hdr;
        message->msg_iov = &pieces[used];
        message->msg_iovlen = 1;
        if (run == 1) continue;
        message->msg_control = controls[used];
        message->msg_controllen = sizeof controls[used];
        struct cmsghdr *control = CMSG_FIRSTHDR(message);
        control->cmsg_level = SOL_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof length);
        memcpy(CMSG_DATA(control), &length, sizeof length);
    }
    int sent = sendmmsg(descriptor, messages, used, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) return (int)behind[sent - 1];
    if (sent < 0 && count > 0 && behind[0] > 1 && (errno == EINVAL || errno == EIO || errno == EMSGSIZE ||
                                                   errno == EOPNOTSUPP || errno == ENOPROTOOPT)) {
        // Not over this way, or not of this length: these go as they are from now on.
        struct cmsghdr *control = CMSG_FIRSTHDR(&messages[0].msg_hdr);
        uint16_t length;
        memcpy(&length, CMSG_DATA(control), sizeof length);
        *longest = (size_t)length - 1;
        errno = EINTR;
    }
    return sent;
}

int csystem_hardware_type(int descriptor, const char *name) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    return ioctl(descriptor, SIOCGIFHWADDR, &request) == 0 ? request.ifr_hwaddr.sa_family : -1;
}

int csystem_open_interface(unsigned index) {
    int made = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return -1;
    // Without a protocol nothing is received.
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)index};
    if (bind(made, (struct sockaddr *)&address, sizeof address) == 0) return made;
    int number = errno;
    close(made);
    errno = number;
    return -1;
}
