#ifndef LIMN_CONNECTION_SHIMS_H
#define LIMN_CONNECTION_SHIMS_H
// TCP connections of this process: structures that Swift's C library does not show whole.
#include <stdint.h>

// 1 if the descriptor is an open TCP connection: its own port, a number that stands for the peer's
// address and port, and the bytes it has received; 0 if it is anything else.
int limn_tcp_connection(int fd, uint16_t *port, uint64_t *peer, uint64_t *received);

// Ends both directions of the connection if it is still that peer's; whoever reads it sees its end.
void limn_tcp_cut(int fd, uint64_t peer);
#endif
