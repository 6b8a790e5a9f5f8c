import Foundation
import Glibc
import Randomness
import Runtime
import System
import TestSupport

extension ChaosFault {
    static var limits: [ChaosFault] { [fileSize, descriptors, addressSpace, processor] }

    private static func prlimit(_ world: World) -> String? {
        Files.exists("/usr/bin/prlimit") ? nil : "prlimit is not installed"
    }

    /// Sets a limit of a running process; nil takes it off again.
    private static func limit(_ pid: Int32, _ what: String, _ value: Int?) {
        let text = value.map { "\($0):" } ?? "unlimited:"
        _ = try? Programs.run("/usr/bin/prlimit", ["--pid", "\(pid)", "--\(what)=\(text)"])
    }

    /// A write beyond a file's limit fails like one on a full disk.
    private static var fileSize: ChaosFault {
        ChaosFault(name: "file-size", obstacle: prlimit) { world, dice in
            guard let pid = world.pid(.ingest) else { return .missed }
            let size = (try? Files.size(world.cluster.folder.eventLogFile + "-wal")) ?? 0
            let ms = 300 + dice.below(1000)
            limit(pid, "fsize", max(size, 1 << 16) + dice.below(1 << 18))
            return Injection(
                what: "ingest may not write larger files for \(ms) ms", lasts: .milliseconds(ms),
                heal: { limit(pid, "fsize", nil) })
        }
    }

    private static var descriptors: ChaosFault {
        ChaosFault(name: "descriptors", spoilsScoring: true, obstacle: prlimit) { world, dice in
            let kinds: [RoleKind] = [.ingest, .scoring]
            let kind = kinds[dice.below(2)]
            guard let pid = world.pid(kind) else { return .missed }
            let open = (try? Files.list("/proc/\(pid)/fd").count) ?? 50
            limit(pid, "nofile", open + 4)
            // A process that has just been started may not have bound its sockets yet.
            world.excusedErrors.insert("Too many open files")
            let path =
                "\(world.cluster.folder.runFolder)/"
                + (kind == .ingest ? "ingest.ipc" : "scoring-0.ipc")
            let files = (0..<60).map { _ in LocalSocket.connect(path) }.filter { $0 >= 0 }
            let ms = 200 + dice.below(1000)
            return Injection(
                what: "\(kind): \(open + 4) descriptors, \(files.count) connections",
                lasts: .milliseconds(ms),
                heal: {
                    files.forEach { close($0) }
                    limit(pid, "nofile", 1024)
                })
        }
    }

    private static var addressSpace: ChaosFault {
        ChaosFault(name: "address-space", spoilsScoring: true, obstacle: prlimit) { world, dice in
            let kinds: [RoleKind] = [.features, .ingest, .scoring]
            let kind = kinds[dice.below(3)]
            guard let pid = world.pid(kind),
                let fields = try? Files.readText("/proc/\(pid)/statm").split(separator: " "),
                let pages = fields.first.flatMap({ Int($0) })
            else { return .missed }
            limit(pid, "as", pages * 4096 + (1 + dice.below(8)) << 20)
            // Swift ends a process that gets no memory.
            world.excusedErrors.insert("Fatal error: failed to allocate")
            let ms = 200 + dice.below(1000)
            return Injection(
                what: "\(kind): no more address space for \(ms) ms", lasts: .milliseconds(ms),
                heal: { limit(pid, "as", nil) })
        }
    }

    private static var processor: ChaosFault {
        ChaosFault(name: "processor") { world, dice in
            let isOver = Flag()
            for _ in 0..<4 {
                Thread {
                    var sum: UInt64 = 0
                    while !isOver.isSet { sum = (sum &+ 1) &* 31 }
                }.start()
            }
            let ms = 500 + dice.below(1500)
            return Injection(
                what: "four busy loops for \(ms) ms", lasts: .milliseconds(ms),
                heal: { isOver.set() })
        }
    }
}
