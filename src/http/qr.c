#include "http/qr.h"

#include <jansson.h>
#include <qrencode.h>

enum { WIDEST = 177 };

json_t *vrk_qr(const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    json_t *rows = code && code->width <= WIDEST ? json_array() : NULL;
    for (int y = 0; rows && y < code->width; y++) {
        char row[WIDEST + 1] = "";
        for (int x = 0; x < code->width; x++)
            row[x] = code->data[y * code->width + x] & 1 ? '1' : '0';
        if (json_array_append_new(rows, json_string(row)) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    QRcode_free(code);
    return rows;
}
