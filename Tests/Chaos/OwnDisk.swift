import System
import TestSupport

/// A small file system of its own for one run, where this machine allows mounting; otherwise an
/// ordinary folder.
struct OwnDisk {
    let path: String
    let isMounted: Bool

    init(mebibytes: Int) throws {
        path = try Files.makeTemporaryFolder(prefix: "limn-chaos")
        let mounted = try? Programs.run(
            "/bin/mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0700", "limn", path])
        isMounted = mounted?.status == .exited(0)
    }

    func remove() {
        if isMounted { _ = try? Programs.run("/bin/umount", ["-l", path]) }
        try? Files.removeTree(path)
    }
}
