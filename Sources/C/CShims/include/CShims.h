#ifndef LIMN_CSHIMS_H
#define LIMN_CSHIMS_H
// What Swift cannot call by itself: variadics, macros and glibc extensions. Nothing else belongs here.
#include "ChecksumShims.h"
#include "ConnectionShims.h"
#include "MarkerShims.h"
#include "SystemShims.h"
#endif
