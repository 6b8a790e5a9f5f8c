/// The moment at which fixtures happen, whatever the machine's date is: what a test finds must not
/// depend on the day on which it runs.
package enum FixtureTime {
    /// 2023-11-14 22:13:20 UTC: a day on which nothing special happens, before any date the tests
    /// are run under.
    package static let nowMs: Int64 = 1_700_000_000_000
}
