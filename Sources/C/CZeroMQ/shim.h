#if !__has_include(<zmq.h>)
#error "Limn needs libzmq. On Debian or Ubuntu: apt-get install libzmq3-dev   (Deploy/quickstart does it for you)"
#endif
#include <zmq.h>
