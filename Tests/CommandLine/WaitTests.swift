import Messages
import Testing

@testable import CommandLine

@Suite("limn wait and status tell what no waiting mends")
struct WaitTests {
    private func status(
        ingest: [String: Double] = [:], features: [String: Double] = [:]
    ) -> Status {
        func role(_ name: String, _ counters: [String: Double]) -> RoleStatus {
            var role = RoleStatus()
            role.role = name
            role.state = "ready"
            role.counters = counters.map { name, value in
                var counter = NamedValue()
                (counter.name, counter.value) = (name, value)
                return counter
            }
            return role
        }
        var status = Status()
        status.roles = [
            role("ingest", ingest.merging(["log_records": 100]) { one, _ in one }),
            role("features", features.merging(["applied_total": 100]) { one, _ in one }),
        ]
        return status
    }

    @Test("a cluster that is well has no problem, whether or not it is behind")
    func well() {
        #expect(Account(status()).problem == nil)
        #expect(Account(status()).isSettled)
        #expect(Account(status(features: ["applied_total": 60])).problem == nil)
        #expect(LogWarning.all(status()).isEmpty)
    }

    @Test("damage, states of another log and states ahead of the log are problems")
    func problems() {
        let damaged = status(
            ingest: ["damaged_partitions": 2], features: ["applied_total": 60])
        #expect(Account(damaged).problem?.contains("2 partitions") == true)
        #expect(LogWarning.all(damaged).count == 1)
        let other = status(features: ["states_refused": 3, "applied_total": 0])
        #expect(Account(other).problem?.contains("another log") == true)
        let ahead = status(features: ["applied_total": 140])
        #expect(Account(ahead).problem?.contains("40 records") == true)
        #expect(!Account(ahead).isSettled)
    }
}
