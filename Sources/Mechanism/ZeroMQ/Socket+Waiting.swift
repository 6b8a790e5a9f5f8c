import CZeroMQ

/// Waiting outside a loop, for synchronous clients and tools.
extension Socket {
    /// Blocks until there is something to receive, or the time is over.
    package borrowing func waitReadable(milliseconds: Int) -> Bool {
        wait(for: ZMQ_POLLIN, milliseconds)
    }

    /// Blocks until a message can be sent, or the time is over.
    package borrowing func waitWritable(milliseconds: Int) -> Bool {
        wait(for: ZMQ_POLLOUT, milliseconds)
    }

    private borrowing func wait(for events: Int32, _ milliseconds: Int) -> Bool {
        var item = unsafe zmq_pollitem_t(
            socket: raw, fd: 0, events: Int16(events), revents: 0)
        return unsafe zmq_poll(&item, 1, max(0, milliseconds)) > 0
    }
}
