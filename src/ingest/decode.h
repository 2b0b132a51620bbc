/* ingest/decode.h - which letters the bytes of a text file are, and the same text as UTF-8. Own
 * rules: byte order marks, the places of NULs, UTF-8's own grammar, and between the code pages of
 * Windows and of the old Macintosh the Swedish letters. */
#ifndef VRK_INGEST_DECODE_H
#define VRK_INGEST_DECODE_H

#include "base/base.h"

typedef enum {
    VRK_ENC_UTF8,
    VRK_ENC_UTF16LE,
    VRK_ENC_UTF16BE,
    VRK_ENC_CP1252, /* Windows-1252, and with it ISO-8859-1 */
    VRK_ENC_MACROMAN,
    VRK_ENC_MIXED, /* a line is UTF-8 where it can be, else Windows-1252 */
} vrk_encoding;

/* Looks at the first n bytes of a file; `whole` if that is all of it. A `bom` is *bom bytes long.
 * Cost: two passes. */
vrk_encoding vrk_encoding_of(const char *bytes, size_t n, bool whole, size_t *bom);
const char *vrk_encoding_name(vrk_encoding e); /* "UTF-16 (little endian)" */

/* Decodes n bytes to UTF-8. `out` has room for 3 * n + 4 bytes. Stops before what is cut off at the
 * end (a half letter; of VRK_ENC_MIXED a half line) unless `last`, and says in *used how far it
 * came. Bytes that mean nothing become U+FFFD. Returns the bytes written. */
size_t vrk_decode(vrk_encoding e, const char *bytes, size_t n, bool last, char *out, size_t *used);

/* The lines (1 = first) that vrk_decode takes as Windows-1252 in a mixed text: fills line[room],
 * returns how many there are. */
int64_t vrk_mixed_lines(const char *bytes, size_t n, int64_t *line, int64_t room);

/* UTF-8 that was taken for Windows-1252 and encoded once more ("FÃ¶rlorad") made whole, in place.
 * Only letters of Western Europe, dashes, quotes and the euro are. Returns the new length;
 * *repaired is how many sequences were. */
size_t vrk_demojibake(char *text, size_t n, int64_t *repaired);

#endif
