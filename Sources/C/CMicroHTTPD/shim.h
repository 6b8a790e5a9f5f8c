#if !__has_include(<microhttpd.h>)
#error "Limn needs libmicrohttpd. On Debian or Ubuntu: apt-get install libmicrohttpd-dev   (Deploy/quickstart does it for you)"
#endif
#include <microhttpd.h>

// Variadic functions, which Swift cannot call.

// A daemon without a thread of its own, polled through one epoll descriptor. It closes `socket`.
static inline struct MHD_Daemon *limn_http_start(
    int socket, MHD_AccessHandlerCallback handler, void *context, unsigned connections,
    unsigned connections_per_address, size_t connection_bytes, unsigned timeout_seconds) {
    return MHD_start_daemon(
        MHD_USE_EPOLL, 0, 0, 0, handler, context,
        MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, connections_per_address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, timeout_seconds,
        MHD_OPTION_END);
}

static inline int limn_http_descriptor(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}
