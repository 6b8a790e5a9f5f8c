import Messages

/// What is to stay in memory of a table's users; see ``PartitionFold/shrink(to:)``.
package struct HotLimit: Sendable, Equatable {
    package var users: Int
    /// As ``UserTable/residentBytes`` counts.
    package var bytes: Int

    package init(users: Int = .max, bytes: Int = .max) {
        self.users = users
        self.bytes = bytes
    }

    /// An equal part for each of `count` tables, and room for a few users in any case.
    package func share(of count: Int) -> HotLimit {
        HotLimit(
            users: users == .max ? .max : max(users / max(count, 1), 64),
            bytes: bytes == .max ? .max : max(bytes / max(count, 1), 64 << 10))
    }
}

extension UserState {
    /// About what the state takes in memory, in bytes: itself, its lists as they are allocated, and
    /// texts that do not fit into a string. Names of affinities are shared and not counted.
    var residentBytes: Int {
        var bytes = MemoryLayout<UserState>.stride + heapBytes(userID)
        bytes += hours.heapBytes + days.heapBytes + affinities.heapBytes + recents.heapBytes
        bytes += heapBytes(purchased) + heapBytes(hidden) + heapBytes(cart)
        if let attributes { bytes += 2 * attributes.encoded().count + 256 }
        return bytes
    }
}

/// An array's own header and what malloc adds.
private let arrayBytes = 48
/// Longer texts lie outside the string.
private let inlineTextBytes = 15

private func heapBytes(_ text: String) -> Int {
    text.utf8.count > inlineTextBytes ? arrayBytes + text.utf8.count : 0
}

private func heapBytes(_ list: [String]) -> Int {
    list.reduce(allocated(list)) { $0 + heapBytes($1) }
}

private func allocated<Element>(_ list: [Element]) -> Int {
    list.capacity == 0 ? 0 : arrayBytes + list.capacity * MemoryLayout<Element>.stride
}

extension Tiles {
    fileprivate var heapBytes: Int { allocated(tiles) }
}

extension Affinities {
    fileprivate var heapBytes: Int { allocated(marks) + allocated(names) }
}

extension Recents {
    fileprivate var heapBytes: Int {
        ring.reduce(allocated(ring)) { $0 + Features.heapBytes($1.itemID) }
    }
}
