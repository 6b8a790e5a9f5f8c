/// A window on memory that a kernel reads and writes.
///
/// Single elements are checked in debug builds only, so every function that others can call checks
/// the shapes and ranges it was given before it lends memory to a kernel; parts are checked always.
/// A window must not outlive the closure that lends the memory; different threads may write
/// different elements. Never leaves this module.
@safe struct Lane<Element>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    @inline(__always)
    init(_ buffer: UnsafeMutableBufferPointer<Element>) {
        count = buffer.count
        unsafe base =
            buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)
            ?? UnsafeMutablePointer.allocate(capacity: 1)
    }

    @inline(__always)
    init(_ base: UnsafeMutablePointer<Element>, _ count: Int) {
        unsafe self.base = base
        self.count = count
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// The `length` elements from `start`; traps where there are not so many.
    @inline(__always)
    func part(_ start: Int, _ length: Int) -> Lane {
        precondition(
            start >= 0 && length >= 0 && start <= count && length <= count - start,
            "a part lies within its memory")
        return unsafe Lane(base + start, length)
    }
}

/// The read-only sibling of `Lane`.
@safe struct Reading<Element>: @unchecked Sendable {
    let base: UnsafePointer<Element>
    let count: Int

    @inline(__always)
    init(_ base: UnsafePointer<Element>, _ count: Int) {
        unsafe self.base = base
        self.count = count
    }

    @inline(__always)
    init(_ lane: Lane<Element>) {
        unsafe base = UnsafePointer(lane.base)
        count = lane.count
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        assert(index >= 0 && index < count)
        return unsafe base[index]
    }

    /// The `length` elements from `start`; traps where there are not so many.
    @inline(__always)
    func part(_ start: Int, _ length: Int) -> Reading {
        precondition(
            start >= 0 && length >= 0 && start <= count && length <= count - start,
            "a part lies within its memory")
        return unsafe Reading(base + start, length)
    }
}

extension Array {
    /// Lends the elements for writing.
    @inline(__always)
    mutating func withLane<R>(_ body: (Lane<Element>) throws -> R) rethrows -> R {
        try unsafe withUnsafeMutableBufferPointer { try unsafe body(Lane($0)) }
    }

    /// Lends the elements for reading.
    @inline(__always)
    func withReading<R>(_ body: (Reading<Element>) throws -> R) rethrows -> R {
        try unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                return try unsafe Swift.withUnsafeTemporaryAllocation(
                    of: Element.self, capacity: 1
                ) { spare in
                    guard let base = spare.baseAddress else { preconditionFailure("no memory") }
                    return try unsafe body(Reading(UnsafePointer(base), 0))
                }
            }
            return try unsafe body(Reading(base, buffer.count))
        }
    }
}
