import SQLite

/// One of Limn's files of tables, whichever it is.
package enum StoredFile {
    /// What is wrong with the structure of a file, nil when it is sound; reads all of it.
    package static func damage(_ path: String) throws(StorageError) -> String? {
        try storing {
            var options = DatabaseOptions()
            options.readOnly = true
            return try Database(path: path, options: options).damage()
        }
    }
}
