#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

/// Sets an option of a connection that is a number; Swift can't call a function with variable arguments.
static inline int csqlite_set_option(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

#endif
