import Glibc
import Randomness
import Runtime
import System
import TestSupport

extension ChaosFault {
    static var writes: [ChaosFault] {
        [
            tracing(
                "kill-at-write", .ingest,
                { "pwrite64,pwritev,fdatasync,fsync:signal=SIGKILL:when=\(1 + $0.below(200))" }),
            tracing(
                "kill-at-write", .features,
                { "pwrite64,rename,fdatasync:signal=SIGKILL:when=\(1 + $0.below(200))" }),
            tracing("sync-error", .ingest, { _ in "fdatasync,fsync:error=EIO:when=1" }),
            tracing("write-error", .ingest, { "pwrite64:error=EIO:when=\(1 + $0.below(20))" }),
            tracing(
                "no-space-error", .ingest,
                { "pwrite64:error=ENOSPC:when=\(1 + $0.below(20))+" }),
            tracing(
                "no-space-error", .features,
                { "pwrite64:error=ENOSPC:when=\(1 + $0.below(20))+" }),
            diskFull,
        ]
    }

    /// A role under strace, which fails some of its system calls, for a second or until it dies.
    private static func tracing(
        _ name: String, _ kind: RoleKind, _ rule: @escaping (inout SplitMix64) -> String
    ) -> ChaosFault {
        ChaosFault(name: "\(name)-\(kind.rawValue)", obstacle: straceObstacle) { world, dice in
            guard let pid = world.pid(kind) else { return .missed }
            let rule = rule(&dice)
            let calls = rule.split(separator: ":")[0]
            let tracer = try Programs.start(
                "/usr/bin/strace",
                [
                    "-f", "-q", "-p", "\(pid)", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
                    "inject=\(rule)",
                ], output: "\(world.base)/strace.txt")
            world.excusedErrors.formUnion([
                "commit failed", "giving up", "fold failed", "lost a partition",
            ])
            return Injection(
                what: "\(kind) \(pid): \(rule)",
                lasts: .milliseconds(400 + dice.below(800)),
                heal: {
                    // It lets go of the traced process before it ends.
                    kill(tracer.pid, SIGINT)
                    if tracer.wait(timeout: .seconds(5)) == nil {
                        kill(tracer.pid, SIGKILL)
                        _ = tracer.wait(timeout: .seconds(5))
                    }
                })
        }
    }

    private static func straceObstacle(_ world: World) -> String? { straceProbe }

    /// Whether strace may trace another process here, found out once.
    private static let straceProbe: String? = {
        guard Files.exists("/usr/bin/strace") else { return "strace is not installed" }
        let tried = try? Programs.run(
            "/usr/bin/strace",
            ["-f", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "/bin/true"])
        return tried?.status == .exited(0) ? nil : "strace may not trace here"
    }()

    private static var diskFull: ChaosFault {
        ChaosFault(
            name: "disk-full", takesRoom: true,
            obstacle: { $0.hasOwnDisk ? nil : "no small file system could be mounted" }
        ) { world, dice in
            let filler = "\(world.base)/filler"
            world.excusedErrors.formUnion([
                "commit failed", "giving up", "fold failed", "lost a partition", "cannot",
                "training failed", "no space", "nearly full",
            ])
            let filled = try Programs.run(
                "/bin/dd", ["if=/dev/zero", "of=\(filler)", "bs=1M", "status=none"])
            let ms = 300 + dice.below(1500)
            return Injection(
                what: "full for \(ms) ms (\(filled.output.split(separator: ":").last ?? ""))",
                lasts: .milliseconds(ms),
                heal: { try Files.remove(filler) })
        }
    }
}
