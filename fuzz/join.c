/* Deals, activities that name them, and the accounts and sellers that both refer to. */
#include "fuzz/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const name[] = {"deals.csv", "activities.csv", "accounts.csv", "users.csv",
                                       NULL};
    if (n)
        fuzz_plan(bytes, n, name);
    return 0;
}
