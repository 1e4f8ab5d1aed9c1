/* The way into libFuzzer from a main function of one's own (compiler-rt, FuzzerInterface.h). */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
