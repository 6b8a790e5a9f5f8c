import CZeroMQ
import Glibc
import Synchronization

/// One thread that polls sockets, fires timers and runs the jobs of the actors that live on it.
@safe package final class EventLoop: SerialExecutor, @unchecked Sendable {
    /// Called on the loop, inside the isolation of every actor that lives on it.
    package typealias Handler = @Sendable () -> Void

    package let name: String

    struct Inbox {
        var jobs: [UnownedJob] = []
        var handlers: [Handler] = []
        // True only from just before the poll: whoever adds a job then must ring.
        var sleeps = false
        var stopping = false
        var threads = 0

        mutating func takeHandlers() -> [Handler] {
            let taken = handlers
            handlers = []
            return taken
        }

        mutating func takeJobs() -> [UnownedJob] {
            sleeps = false
            let taken = jobs
            jobs = []
            return taken
        }
    }

    let inbox = Mutex(Inbox())
    let wakeUp: WakeUp
    let runner = Atomic<UInt>(0)
    let busySinceNs = Atomic<Int64>(0)
    let lagNsMax = Atomic<Int64>(0)

    // Touched by the loop's thread alone.
    var watches: [Watch] = []
    var items: [zmq_pollitem_t] = unsafe []
    var ready: [Watch] = []
    var timers: [Timer] = []
    var timerCount: UInt64 = 0

    /// Makes a loop and starts its thread.
    package init(name: String) throws(ZeroMQError) {
        self.name = name
        wakeUp = try WakeUp()
        inbox.withLock { $0.threads = 1 }
        OwnThread.start(name) { self.run() }
    }

    /// Ends polling after the jobs that are queued; jobs that come later still run, sockets do not.
    package func stop() {
        inbox.withLock { $0.stopping = true }
        wakeUp.ring()
    }

    /// Whether `stop()` was asked for.
    package var isStopping: Bool { inbox.withLock { $0.stopping } }

    /// Blocks the calling thread until the loop has ended; not to be called on the loop.
    package func join() {
        precondition(!isCurrent, "a loop cannot wait for itself")
        var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
        while inbox.withLock({ $0.threads > 0 }) { unsafe nanosleep(&pause, nil) }
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let (ring, revive) = inbox.withLock { inbox in
            inbox.jobs.append(unowned)
            let ring = inbox.sleeps
            inbox.sleeps = false
            let revive = inbox.threads == 0
            if revive { inbox.threads = 1 }
            return (ring, revive)
        }
        if ring { wakeUp.ring() }
        // A job must never be lost, or its task would wait for ever: the ended loop runs once more.
        if revive { OwnThread.start(name) { self.run() } }
    }

    /// Has `handler` called on the loop in its next turn; from any thread. Not called any more once
    /// the loop has ended.
    package func perform(_ handler: @escaping Handler) {
        let ring = inbox.withLock { inbox in
            inbox.handlers.append(handler)
            defer { inbox.sleeps = false }
            return inbox.sleeps
        }
        if ring { wakeUp.ring() }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() {
        precondition(isCurrent, "not on the event loop \(name)")
    }

    /// Whether the caller runs on this loop's thread.
    package var isCurrent: Bool {
        runner.load(ordering: .relaxed) == Self.thisThread
    }

    // MARK: Loop

    private func run() {
        runner.store(Self.thisThread, ordering: .relaxed)
        rebuildItems()
        while !isStopping {
            poll(timeoutMs: sleepMs())
            busySinceNs.store(Self.nowNs, ordering: .relaxed)
            callHandlers()
            for handler in inbox.withLock({ $0.takeHandlers() }) { handler() }
            runJobs(inbox.withLock { $0.takeJobs() })
            fireTimers()
            noteLag()
        }
        // Actors that only a handler held end here, and their sockets with them.
        dropRegistrations()
        while let jobs = takeLastJobs() { runJobs(jobs) }
    }

    private func runJobs(_ jobs: [UnownedJob]) {
        for job in jobs {
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    /// The jobs left after stopping; after nil this thread is no longer the loop.
    private func takeLastJobs() -> [UnownedJob]? {
        inbox.withLock { inbox in
            let jobs = inbox.takeJobs()
            if jobs.isEmpty {
                inbox.threads = 0
                runner.store(0, ordering: .relaxed)
                return nil
            }
            return jobs
        }
    }

    private func sleepMs() -> Int {
        let untilTimer = nextTimerMs()
        return inbox.withLock { inbox in
            guard inbox.jobs.isEmpty, inbox.handlers.isEmpty, !inbox.stopping else { return 0 }
            inbox.sleeps = true
            return untilTimer
        }
    }

    static var thisThread: UInt { UInt(pthread_self()) }
}
