#if !__has_include(<sqlite3.h>)
#error "Limn needs SQLite. On Debian or Ubuntu: apt-get install libsqlite3-dev   (Deploy/quickstart does it for you)"
#endif
#include <sqlite3.h>
