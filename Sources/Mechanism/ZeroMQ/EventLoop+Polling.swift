import CZeroMQ
import Glibc

/// Watching sockets and descriptors; all of it only on the loop.
extension EventLoop {
    /// One watched socket or descriptor.
    final class Watch {
        let token: PollToken
        var onReadable: Handler?
        var onWritable: Handler?
        var events: Int16 = 0

        init(_ token: PollToken) { self.token = token }

        var wanted: Int16 {
            Int16((onReadable == nil ? 0 : ZMQ_POLLIN) | (onWritable == nil ? 0 : ZMQ_POLLOUT))
        }
    }

    /// Calls `handler` each turn in which `token` has something to read (or has failed).
    package func onReadable(_ token: PollToken, _ handler: @escaping Handler) {
        change(token) { $0.onReadable = handler }
    }

    /// Calls `handler` each turn in which `token` can be written; cancel it once nothing waits.
    package func onWritable(_ token: PollToken, _ handler: @escaping Handler) {
        change(token) { $0.onWritable = handler }
    }

    /// Stops the calls of `onWritable`.
    package func cancelWritable(_ token: PollToken) {
        change(token) { $0.onWritable = nil }
    }

    /// Stops watching `token`; from here on its socket may be closed.
    package func unregister(_ token: PollToken) {
        change(token) { watch in
            watch.onReadable = nil
            watch.onWritable = nil
        }
    }

    private func change(_ token: PollToken, _ edit: (Watch) -> Void) {
        checkIsolated()
        let known = watches.first { $0.token == token }
        let watch = known ?? Watch(token)
        edit(watch)
        if known == nil, watch.wanted != 0 {
            watches.append(watch)
            if let identifier = token.identifier { PollRegistry.shared.insert(identifier) }
        } else if watch.wanted == 0 {
            watches.removeAll { $0 === watch }
            if let identifier = token.identifier { PollRegistry.shared.remove(identifier) }
        }
        rebuildItems()
    }

    func rebuildItems() {
        unsafe items = [
            unsafe zmq_pollitem_t(
                socket: nil, fd: wakeUp.descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        ]
        for watch in watches {
            let token = watch.token
            unsafe items.append(
                zmq_pollitem_t(
                    socket: token.socket, fd: token.descriptor, events: watch.wanted, revents: 0))
        }
    }

    func poll(timeoutMs: Int) {
        let count = unsafe zmq_poll(&items, Int32(items.count), timeoutMs)
        guard count > 0 else {
            // Anything but a signal means that a watched socket or descriptor is gone: our bug.
            precondition(
                count == 0 || zmq_errno() == EINTR, "\(ZeroMQError.last("zmq_poll"))")
            return
        }
        if unsafe items[0].revents != 0 { wakeUp.clear() }
        // Handlers may register and unregister, so the ready ones are noted before any is called.
        for (index, watch) in watches.enumerated() {
            watch.events = unsafe items[index + 1].revents
            if watch.events != 0 { ready.append(watch) }
        }
    }

    func callHandlers() {
        for watch in ready {
            let events = Int32(watch.events)
            if events & ZMQ_POLLOUT != 0 { watch.onWritable?() }
            if events & (ZMQ_POLLIN | ZMQ_POLLERR) != 0 { watch.onReadable?() }
        }
        ready.removeAll(keepingCapacity: true)
    }

    func dropRegistrations() {
        for watch in watches {
            if let identifier = watch.token.identifier { PollRegistry.shared.remove(identifier) }
        }
        // Emptied before the handlers are released: what they held may end meanwhile.
        let released = (watches, timers)
        watches = []
        timers = []
        _ = released
        rebuildItems()
    }
}
