#ifndef LIMN_MARKER_SHIMS_H
#define LIMN_MARKER_SHIMS_H
// One store that the compiler may neither drop nor move: what a process was at when it died must be in
// the shared page at that moment, whatever the code around it is.
#include <stdint.h>

static inline void limn_mark(uint64_t *place, uint64_t value) {
    *(volatile uint64_t *)place = value;
}
#endif
