#if !__has_include(<sodium.h>)
#error "Limn needs libsodium. On Debian or Ubuntu: apt-get install libsodium-dev   (Deploy/quickstart does it for you)"
#endif
#include <sodium.h>
