#ifndef CSYSTEM_DATAGRAMS_H
#define CSYSTEM_DATAGRAMS_H

#include <stddef.h>
#include <stdint.h>

/// Kinds of hardware, ARPHRD_ of net/if_arp.h, which is not included: what it includes of sockets would be this module's, and
/// files that import Glibc alone would not find it.
enum {
    CSYSTEM_HARDWARE_ETHERNET = 1,
    CSYSTEM_HARDWARE_PPP = 512,
    CSYSTEM_HARDWARE_TUNNEL = 768,
    CSYSTEM_HARDWARE_TUNNEL6 = 769,
    CSYSTEM_HARDWARE_LOOPBACK = 772,
    CSYSTEM_HARDWARE_NONE = 0xFFFE,
};

/// One datagram that was received.
typedef struct {
    /// Where its first octet is.
    const uint8_t *octets;
    uint32_t length;
    /// How many datagrams the socket has dropped until it came, modulo 2^32.
    uint32_t dropped;
    /// When the system received it, in nanoseconds since 1970; INT64_MIN where the system does not say.
    int64_t time;
    /// The addresses as numbers, those of IPv4 in the low halves; `family` is 4 or 6. The port is the sender's.
    uint64_t sourceHigh, sourceLow, destinationHigh, destinationLow;
    uint16_t port;
    uint8_t family;
    /// Whether `dropped` and `destination` are known.
    uint8_t hasDropped, hasDestination;
} csystem_datagram;

/// Room for some datagrams, in front of each of which `CSYSTEM_HEADROOM` octets may be written.
typedef struct csystem_receiver csystem_receiver;

enum { CSYSTEM_HEADROOM = 64 };

/// Makes room for `most` datagrams; NULL when there is no memory.
csystem_receiver *csystem_receiver_make(unsigned most);
void csystem_receiver_free(csystem_receiver *receiver);

/// Makes a socket ask the system for times, addresses and drops, and for a buffer of `buffer` octets. 0, or an errno of what
/// cannot be done without.
int csystem_receiver_prepare(int descriptor, int family, int buffer);

/// Receives up to `most` datagrams without waiting: how many, or -1 with errno. What they point at stays until the next
/// call.
int csystem_receive(csystem_receiver *receiver, int descriptor, unsigned most);

/// The datagram with an index below what `csystem_receive` gave.
const csystem_datagram *csystem_received(const csystem_receiver *receiver, unsigned index);

/// Copies a header of at most CSYSTEM_HEADROOM octets in front of a datagram.
void csystem_put_in_front(const csystem_datagram *datagram, const uint8_t *header, size_t length);

enum { CSYSTEM_SEND_MOST = 512 };

/// Sends up to `CSYSTEM_SEND_MOST` datagrams over a connected or bound socket without waiting: the first begins at `start` of
/// `octets`, each ends where `ends` says and the next one begins there. How many were sent, or -1 with errno.
///
/// Runs of datagrams of one length leave as one message that the system cuts (UDP_SEGMENT in udp(7)), where they are no longer
/// than `*longest`, which is lowered where the system refuses that, with EINTR: they are to be sent once more. NULL for sockets
/// that know of no such messages.
int csystem_send(int descriptor, const uint8_t *octets, size_t start, const intptr_t *ends, unsigned count,
                 size_t *longest);

/// The kind of hardware of an interface (ARPHRD_ETHER and its kin), asked by any socket; -1 with errno.
int csystem_hardware_type(int descriptor, const char *name);

/// A socket that sends whole packets over an interface and receives nothing, or -1 with errno.
int csystem_open_interface(unsigned index);

/// How many datagrams a socket has dropped so far, modulo 2^32; -1 when the system does not say.
int64_t csystem_dropped(int descriptor);

/// Memory that what waits in a socket takes: the octets of its datagrams, and what the system needs beside them; -1 where it
/// does not say.
int64_t csystem_queued(int descriptor);

/// Joins a multicast group, given as the octets of its address, on an interface (0: the system's choice). 0 or an errno.
int csystem_join(int descriptor, int isIPv6, const uint8_t *group, unsigned interface);

/// The octets of a numeric address: 4, 16, or 0 when it is none.
int csystem_address(const char *text, uint8_t *octets);

#endif
