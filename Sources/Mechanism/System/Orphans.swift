import CShims
import Glibc

/// Processes whose parent has ended: a supervisor, which is process 1 in a container, must take
/// them in, or they stay as zombies for ever.
package enum Orphans {
    /// From now on orphans below this process become its children.
    @discardableResult
    package static func adopt() -> Bool { limn_adopt_orphans() == 0 }

    /// Every child of this process, ended ones too; empty where the kernel does not tell.
    package static func children() -> [Int32] {
        let threads = (try? Files.list("/proc/self/task")) ?? []
        return threads.flatMap { thread -> [Int32] in
            let text = try? Files.readText("/proc/self/task/\(thread)/children")
            return (text ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Kills a child that nobody wants and takes its end; false while it still dies.
    package static func end(_ pid: Int32) -> Bool {
        Glibc.kill(pid, SIGKILL)
        var exited: Int32 = 0
        var code: Int32 = 0
        return unsafe limn_reap(pid, &exited, &code) != 0
    }
}
