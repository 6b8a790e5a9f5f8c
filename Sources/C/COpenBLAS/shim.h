#if !__has_include(<cblas.h>)
#error "Limn needs OpenBLAS. On Debian or Ubuntu: apt-get install libopenblas-dev   (Deploy/quickstart does it for you)"
#endif
#include <cblas.h>
