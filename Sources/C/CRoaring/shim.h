#if !__has_include(<roaring/roaring.h>)
#error "Limn needs CRoaring. On Debian or Ubuntu: apt-get install libroaring-dev   (Deploy/quickstart does it for you)"
#endif
#include <roaring/roaring.h>
