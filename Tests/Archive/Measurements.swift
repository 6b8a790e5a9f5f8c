import Archive
import Events
import Messages
import Runtime
import Storage
import System
import Testing

/// Figures, not judgements: LIMN_MEASURE=1 swift test -c release --filter ArchiveTests.Measurements
@Suite(
    "How long appends take while retention runs", .serialized,
    .enabled(if: Environment.variable("LIMN_MEASURE") != nil, "set LIMN_MEASURE to measure"))
struct Measurements {
    /// Groups of 2,000 records in 64 blocks, as a busy ingest appends them.
    @Test(
        "append alone, and with a step of retention after every fourth",
        arguments: [64 << 10, 256 << 10, 1 << 20])
    func appends(stepBytes: Int) throws {
        let parent = try Files.makeTemporaryFolder(prefix: "limn-measure")
        defer { try? Files.removeTree(parent) }
        let log = try SQLiteEventLog(folder: parent)
        let record = [UInt8](repeating: 7, count: 100)
        let blocks = (0..<64).map { partition in
            PendingBlock(
                partition: partition, count: 31,
                records: Array((0..<31).map { _ in record }.joined()))
        }
        func append() throws -> Double {
            let started = Clock.monotonicNs()
            _ = try log.append(groups: blocks, batches: [], rejects: [], receivedMs: 0)
            return Double(Clock.monotonicNs() - started) / 1e6
        }
        for _ in 0..<600 { _ = try append() }
        let alone = try (0..<600).map { _ in try append() }
        var (mixed, steps): ([Double], [Double]) = ([], [])
        for round in 0..<600 {
            mixed.append(try append())
            guard round % 4 == 0, let range = try log.groups() else { continue }
            let started = Clock.monotonicNs()
            _ = try log.removeOldest(before: range.upperBound, bytesMax: stepBytes)
            steps.append(Double(Clock.monotonicNs() - started) / 1e6)
        }
        print("append alone      ", Self.line(alone))
        print("append with steps ", Self.line(mixed))
        print("step of \(stepBytes >> 10) KiB", Self.line(steps))
        let bytes = try log.fileBytes()
        print("file \(bytes.all >> 20) MiB, free \(bytes.free >> 20) MiB")
    }

    private static func line(_ values: [Double]) -> String {
        let sorted = values.sorted()
        func at(_ share: Double) -> String {
            let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            return "\((value * 100).rounded() / 100) ms"
        }
        return "p50 \(at(0.5)), p99 \(at(0.99)), max \(at(1))"
    }
}
