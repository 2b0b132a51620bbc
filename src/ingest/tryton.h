/* ingest/tryton.h - Tryton's own database (PostgreSQL, modules sale_opportunity 5 to 7), read
 * directly: postgresql://user@host/database */
#ifndef VRK_INGEST_TRYTON_H
#define VRK_INGEST_TRYTON_H

#include "ingest/table.h"

bool vrk_postgres_is(const char *address); /* starts with postgresql:// or postgres:// */

/* Reads the opportunities with the names of party, employee and currency, and from their history
 * (which Tryton keeps) every change of state, amount, employee and expected end, as two sheets.
 * One connection that may only read; times are UTC. VRK_EDB: it cannot be reached, or is no such
 * database. */
VRK_MUST vrk_status vrk_tryton_fetch(vrk_ctx *ctx, const char *address, vrk_reading *r);

#endif
