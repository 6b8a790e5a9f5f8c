#if !__has_include(<zmq.h>)
#error "Limn needs libzmq. On Debian or Ubuntu: apt-get install libzmq3-dev   (Deploy/quickstart does it for you)"
#endif
#include <zmq.h>
// The event loop's wake-up descriptor: Swift's Glibc module does not export it.
#include <sys/eventfd.h>
