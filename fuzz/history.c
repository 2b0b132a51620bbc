/* Deals and a table of the changes of their stages. */
#include "fuzz/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const name[] = {"deals.csv", "stage_history.csv", NULL};
    if (n)
        fuzz_plan(bytes, n, name);
    return 0;
}
