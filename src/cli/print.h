/* cli/print.h - a page as PDF, by the Chromium that is installed. */
#ifndef VRK_CLI_PRINT_H
#define VRK_CLI_PRINT_H

#include "base/base.h"

/* Prints the HTML file to the PDF file, both absolute or from the current folder. The browser gets
 * an empty profile in `folder` and no network. VRK_EINPUT: no Chromium is installed; VRK_EIO: it
 * failed. A few seconds. */
VRK_MUST vrk_status vrk_print_pdf(vrk_ctx *ctx, const char *folder, const char *html,
                                  const char *pdf);

#endif
