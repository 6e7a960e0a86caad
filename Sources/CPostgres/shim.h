// SPDX-License-Identifier: Apache-2.0
// The C edge towards PostgreSQL: libpq as it is, and what of it Swift cannot import.
#pragma once
#include <libpq-fe.h>

// The names of an error's fields are macros of characters, which Swift does not import.
static inline int cpostgres_field_severity(void) { return PG_DIAG_SEVERITY_NONLOCALIZED; }
static inline int cpostgres_field_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int cpostgres_field_message(void) { return PG_DIAG_MESSAGE_PRIMARY; }
static inline int cpostgres_field_constraint(void) { return PG_DIAG_CONSTRAINT_NAME; }
static inline int cpostgres_field_position(void) { return PG_DIAG_STATEMENT_POSITION; }
static inline int cpostgres_field_source_function(void) { return PG_DIAG_SOURCE_FUNCTION; }
