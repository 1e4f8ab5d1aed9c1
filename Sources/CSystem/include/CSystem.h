#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>

/// Asks the processor to bring the line at `address` into the cache. Never faults, whatever the address.
static inline void csystem_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
