import Messages
import Runtime
import Storage
import System
import ZeroMQ

/// Obeying the plan of who owns which partition.
extension Supervisor {
    /// An assignment may be lost on its way, so the newest is sent again this often.
    private static let assignmentEvery: Duration = .seconds(1)

    static func openLeases(
        _ folder: DataFolder
    ) throws(StartFailure) -> (any Leases, AssignmentPlan) {
        do throws(StorageError) {
            let leases = try SQLiteLeases(path: folder.leasesFile)
            return (leases, AssignmentPlan(leases: try leases.all()))
        } catch {
            throw StartFailure(
                .io, "cannot open \(folder.leasesFile): \(error)",
                hint: "a damaged one may be removed while nothing runs: it is made anew")
        }
    }

    /// A worker is being started.
    func expect(worker: Int) { obey(assignment.join(worker, at: Clock.monotonic())) }

    /// A worker can take partitions.
    func welcome(worker: Int) { obey(assignment.ready(worker, at: Clock.monotonic())) }

    /// A worker's process has ended.
    func lose(worker: Int) {
        guard plan.state != .stopping && plan.state != .stopped else { return }
        obey(assignment.lost(worker, at: Clock.monotonic()))
    }

    func take(_ holding: Holding, of worker: Int) {
        obey(assignment.holding(worker, holding, at: Clock.monotonic()))
        if assignment.isWhole { hasBeenWhole = true }
        noteState()
        advanceFleet()
    }

    func tickAssignment() {
        let now = Clock.monotonic()
        guard plan.state != .stopping && plan.state != .stopped else { return }
        obey(assignment.tick(at: now))
        if now - assignmentSentAt >= Self.assignmentEvery { publishAssignment() }
    }

    func obey(_ actions: [AssignmentPlan.Action]) {
        for action in actions {
            switch action {
            // One grant later it may have been published already.
            case .publish: if assignmentSent < assignment.version { publishAssignment() }
            case .grant(let wishes):
                do throws(StorageError) {
                    let granted = try leases.grant(wishes)
                    obey(assignment.granted(granted, at: Clock.monotonic()))
                } catch {
                    assignment.notGranted(wishes)
                    log.error("leases cannot be written", ["error": "\(error)"])
                }
            }
        }
    }

    private func publishAssignment() {
        guard assignment.version > 0 else { return }
        assignmentSentAt = Clock.monotonic()
        assignmentSent = assignment.version
        let frame = Frame.encode(Header(kind: .assignment), body: assignment.assignment)
        for (peer, slot) in peers where slot.kind != .ingest { send(to: peer, frame) }
    }

    /// The newest assignment, for a role that has just come.
    func sendAssignment(to peer: RoutingID) {
        guard assignment.version > 0 else { return }
        send(to: peer, Frame.encode(Header(kind: .assignment), body: assignment.assignment))
    }

    /// What `status` shows of partitions and their moves.
    var assignmentCounters: [NamedValue] {
        var vitals = RoleVitals()
        let pauses = assignment.pauses
        vitals.count("assignment_version", assignment.version)
        vitals.count("partitions_held", assignment.heldCount)
        vitals.count("partitions_moving", assignment.movingCount)
        vitals.count(
            "partitions_balanced", assignment.isBalanced(at: Clock.monotonic()) ? 1 : 0)
        vitals.count("partitions_moved", pauses.moves)
        vitals.count("pause_ms_last", pauses.last / .milliseconds(1))
        vitals.count("pause_ms_p50", pauses.quantile(0.5) / .milliseconds(1))
        vitals.count("pause_ms_p99", pauses.quantile(0.99) / .milliseconds(1))
        vitals.count("pause_ms_max", pauses.longest / .milliseconds(1))
        vitals.count("pause_ms_release_max", pauses.releaseMax / .milliseconds(1))
        vitals.count("pause_ms_take_max", pauses.takeMax / .milliseconds(1))
        vitals.count("pause_ms_serve_max", pauses.serveMax / .milliseconds(1))
        vitals.count("pauses_over_200_ms", pauses.overBound)
        vitals.count("partitions_taken_over", assignment.takeovers)
        return vitals.counters
    }
}
