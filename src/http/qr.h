/* http/qr.h - a text as a QR code (ISO 18004), for an authenticator app to read off the screen. */
#ifndef VRK_HTTP_QR_H
#define VRK_HTTP_QR_H

struct json_t; /* jansson */

/* Its rows, each a text of 0 and 1, without the quiet zone; error correction level M. NULL: out of
 * memory, or longer than a code can hold. */
struct json_t *vrk_qr(const char *text);

#endif
