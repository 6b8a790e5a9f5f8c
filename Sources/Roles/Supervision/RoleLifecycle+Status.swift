package import Messages
import Runtime
import System

extension RoleLifecycle {
    /// The state's name on the wire.
    package var name: String {
        switch state {
        case .waiting: "waiting"
        case .starting: "starting"
        case .ready: "ready"
        case .stopping, .aborting: "stopping"
        case .backingOff: "backing_off"
        case .failed: "failed"
        case .stopped: "stopped"
        }
    }

    /// What the life cycle alone knows for `status`.
    package func status(_ slot: Slot, at now: Duration) -> RoleStatus {
        var status = RoleStatus()
        status.role = slot.kind.rawValue
        status.index = UInt32(slot.index)
        status.state = name
        status.restarts = restarts
        status.lastExit = lastExit
        status.reason = reason
        if case .ready(let since) = state {
            status.uptimeMs = UInt64(max(0, (now - since).milliseconds))
        }
        if isRunning { status.silentMs = UInt64(max(0, (now - lastSign).milliseconds)) }
        return status
    }
}
