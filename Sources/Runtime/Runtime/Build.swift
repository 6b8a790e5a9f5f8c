/// What is running.
package enum Build {
    /// The release, as `--version` and `status` show it.
    package static let name = "limn 0.1"
}
