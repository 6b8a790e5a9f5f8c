#if !__has_include(<sqlite3.h>)
#error "Limn needs SQLite. On Debian or Ubuntu: apt-get install libsqlite3-dev   (Deploy/quickstart does it for you)"
#endif
#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift does not import: these bind a copy.
static inline int limn_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

// The caller keeps the bytes until the statement is reset and bound anew.
static inline int limn_sqlite_lend_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_STATIC);
}

static inline int limn_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, count == 0 ? "" : text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// The errno of the last write that failed: of the WAL, else of the file. SQLite's own is of whatever call came last.
static inline int limn_sqlite_write_errno(sqlite3 *database) {
    sqlite3_file *journal = 0;
    int number = 0;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
    if (journal && journal->pMethods)
        journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &number);
    if (number == 0) sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
    return number;
}

// sqlite3_db_config has variable arguments, which Swift does not import.
static inline int limn_sqlite_leave_log_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
