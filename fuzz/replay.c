/* Runs a fuzz target on the files of a folder, without libFuzzer: the corpus as an ordinary test.
 */
#include "base/sys.h"
#include "fuzz/fuzz.h"

#include "base/str.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    vrk_ctx ctx = {0};
    vrk_arena mem = {0};
    char **name = NULL;
    int64_t n = 0;

    if (argc != 2 || vrk_folder_list(&ctx, argv[1], &mem, &name, &n) != VRK_OK || n == 0) {
        printf("1..1\nnot ok 1 - a folder with a corpus\n");
        return 1;
    }
    printf("1..%d\n", (int)n);
    for (int64_t i = 0; i < n; i++) {
        char *bytes = NULL;
        size_t size = 0;
        if (vrk_file_read(&ctx, vrk_text_f(&mem, "%s/%s", argv[1], name[i]), 0, &mem, &bytes,
                          &size) == VRK_OK) {
            LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
            printf("ok %d - %s\n", (int)i + 1, name[i]);
        } else
            printf("not ok %d - %s: %s\n", (int)i + 1, name[i], ctx.message);
    }
    vrk_arena_free(&mem);
    vrk_arena_free(&ctx.scratch);
    return 0;
}
