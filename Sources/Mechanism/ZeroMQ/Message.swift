import CZeroMQ
import Glibc

/// One frame, owned; its bytes are borrowed from it and never truncated.
@safe package struct Message: ~Copyable, @unchecked Sendable {
    // On the heap because libzmq keeps small frames inside the struct, which Swift may move.
    let raw: UnsafeMutablePointer<zmq_msg_t>

    /// An empty frame.
    package init() {
        unsafe raw = .allocate(capacity: 1)
        unsafe zmq_msg_init(raw)
    }

    /// A frame with a copy of `bytes`.
    package init(copying bytes: Span<UInt8>) {
        let made = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)
        // Only ENOMEM can fail here, and Swift's own allocations trap on it too.
        precondition(unsafe zmq_msg_init_size(made, bytes.count) == 0, "out of memory")
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress, source.count > 0 else { return }
            unsafe memcpy(zmq_msg_data(made), base, source.count)
        }
        unsafe raw = made
    }

    /// A frame with a copy of `bytes`.
    package init(copying bytes: [UInt8]) {
        self.init(copying: bytes.span)
    }

    deinit {
        unsafe zmq_msg_close(raw)
        unsafe raw.deallocate()
    }

    /// Bytes in the frame.
    package var size: Int { unsafe zmq_msg_size(raw) }

    /// Whether more frames of the same message follow.
    package var hasMore: Bool { unsafe zmq_msg_more(raw) != 0 }

    /// The frame's bytes, valid while the message is.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self) get {
            let count = size
            let start = unsafe zmq_msg_data(raw)?.assumingMemoryBound(to: UInt8.self)
            let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
            let span = unsafe Span(_unsafeElements: buffer)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy of the bytes, for what outlives the message.
    package func copyBytes() -> [UInt8] {
        let count = size
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0, let base = buffer.baseAddress {
                unsafe memcpy(base, zmq_msg_data(raw), count)
            }
            initialized = count
        }
    }

    /// A property of the connection the frame came by, such as `Peer-Address`.
    package func property(_ name: StaticString) -> String? {
        let key = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        guard let text = unsafe zmq_msg_gets(raw, key) else { return nil }
        return unsafe String(cString: text)
    }

    /// The descriptor of the connection the frame came by; it may be closed meanwhile, or be
    /// another's.
    package var descriptor: Int32 { unsafe zmq_msg_get(raw, ZMQ_SRCFD) }

    /// Who sent it, as the authenticator named the peer; nil must be refused (CURVE fails open).
    package var userID: String? {
        guard let name = property("User-Id"), !name.isEmpty else { return nil }
        return name
    }
}

/// What a ROUTER received: the connection, the payload, and how many payload frames there were.
package struct Delivery: ~Copyable, Sendable {
    package let sender: RoutingID
    package let payload: Message
    /// Payload frames in the message; only the first is kept, and anything but 1 is malformed.
    package let frameCount: Int
    /// Of all payload frames.
    package let bytes: Int
}
