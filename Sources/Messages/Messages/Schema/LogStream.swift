/// Which log a fetch reads.
package struct LogStream: WireEnum {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let unknown = Self(rawValue: 0)
    /// Served by ingest; partitions 0 to 63 are users, 64 is the catalogue of items.
    package static let events = Self(rawValue: 1)
    /// Served by feature workers for the partitions they own.
    package static let outbox = Self(rawValue: 2)

    /// Every value of the schema, in number order, with its name.
    package static let named: [(value: Self, name: String)] = [
        (.unknown, "unknown"),
        (.events, "events"),
        (.outbox, "outbox"),
    ]
}
