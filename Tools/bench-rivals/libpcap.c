/* Counts per APID, over libpcap.   usage: libpcap FILE */
#include "walk.h"
#include <pcap/pcap.h>

static struct counts counts;

static void handle(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)user;
    uint32_t size;
    const uint8_t *packet = unwrap(bytes, header->caplen, &size);
    if (packet) count(&counts, packet, size);
    else counts.other++;
}

int main(int argc, char **argv) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *file = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (!file) return 2;
    pcap_loop(file, -1, handle, NULL);
    report(&counts);
    puts("}");
    pcap_close(file);
    return 0;
}
