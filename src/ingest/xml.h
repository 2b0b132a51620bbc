/* ingest/xml.h - XML read element by element, in bounded memory. The only door to expat: what a
 * file could do to harm (entities, endless nesting, elements without end) is refused here. */
#ifndef VRK_INGEST_XML_H
#define VRK_INGEST_XML_H

#include "base/base.h"

typedef struct vrk_xml vrk_xml; /* a document being read */

/* Where its bytes come from: at most n into `bytes`, *got = 0 at the end. */
typedef vrk_status (*vrk_xml_from)(vrk_ctx *ctx, void *from, void *bytes, size_t n, size_t *got);

typedef struct {
    const char *name; /* for messages: the file, or file and part */
    const char *what; /* for people: "reading the event log" */
    int deepest;      /* of nested elements; 0 = 100 */
    size_t longest;   /* [byte] of one tag or comment; 0 = 256 KiB */
    void *arg;        /* for the three below; names come without prefix */
    void (*start)(vrk_xml *x, const char *name, const char **attribute, void *arg);
    void (*end)(vrk_xml *x, const char *name, void *arg);             /* NULL = no use for it */
    void (*text)(vrk_xml *x, const char *bytes, size_t n, void *arg); /* in pieces; NULL = no */
} vrk_xml_job;

/* Reads all. VRK_EINPUT names the line: not well-formed, cut off, an entity declared, over a limit,
 * or what vrk_xml_stop was told. */
VRK_MUST vrk_status vrk_xml_read(vrk_ctx *ctx, const vrk_xml_job *job, vrk_xml_from read,
                                 void *from);
VRK_MUST vrk_status vrk_xml_read_file(vrk_ctx *ctx, const vrk_xml_job *job, const char *path);

/* The same from memory, for a part that lay in another document. */
VRK_MUST vrk_status vrk_xml_read_text(vrk_ctx *ctx, const vrk_xml_job *job, const char *text,
                                      size_t n);

/* Inside start, end and text. The first reason to stop stands; `why` NULL: ctx has the message. */
void vrk_xml_stop(vrk_xml *x, vrk_status st, const char *why);
bool vrk_xml_stopped(const vrk_xml *x);
int64_t vrk_xml_line(const vrk_xml *x);
int vrk_xml_depth(const vrk_xml *x); /* 1 in the handlers of the outermost element */

/* The value of the attribute of that name, whatever its prefix; NULL = none. */
const char *vrk_xml_attribute(const char **attribute, const char *name);

#endif
