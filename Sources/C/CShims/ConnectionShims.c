#include "ConnectionShims.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// The port, or 0 for what has none; the address in a number that two peers hardly share.
static uint16_t place(const struct sockaddr_storage *address, uint64_t *number) {
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        *number = (uint64_t)in->sin_addr.s_addr << 16 | ntohs(in->sin_port);
        return ntohs(in->sin_port);
    }
    if (address->ss_family != AF_INET6) return 0;
    const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;
    uint64_t halves[2];
    memcpy(halves, &in->sin6_addr, sizeof halves);
    *number = (halves[0] * 31 + halves[1]) << 16 | ntohs(in->sin6_port);
    return ntohs(in->sin6_port);
}

int limn_tcp_connection(int fd, uint16_t *port, uint64_t *peer, uint64_t *received) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    uint64_t ignored;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return 0;
    if ((*port = place(&address, &ignored)) == 0) return 0;
    length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return 0;
    if (place(&address, peer) == 0) return 0;
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    length = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
    *received = info.tcpi_bytes_received;
    return 1;
}

void limn_tcp_cut(int fd, uint64_t peer) {
    uint16_t port;
    uint64_t now, received;
    if (limn_tcp_connection(fd, &port, &now, &received) && now == peer) shutdown(fd, SHUT_RDWR);
}
