import Glibc
import Runtime
import System
import TestSupport
import Testing

extension ClusterTests {
    @Suite("A start that cannot succeed says why, and what to change")
    struct BadStartTests {
        @Test("An unknown key is named with its line and a suggestion")
        func unknownKey() throws {
            let cluster = try ClusterHarness(
                configuration: "{\n  ingest: {\n    fetchBytesMaxx: 70000,\n  },\n}\n")
            let checked = try Programs.run(
                "limn-supervisor", ["--folder", cluster.folder.path, "--check"])
            #expect(checked.status == .exited(ExitClass.configuration.rawValue))
            #expect(checked.output.contains("fetchBytesMaxx"), "\(checked.output)")
            #expect(checked.output.contains("limn.json5:3"), "\(checked.output)")
            #expect(checked.output.contains("did you mean \"fetchBytesMax\"?"), "\(checked.output)")
        }

        @Test("A port in use is named with the key to change")
        func portInUse() throws {
            let (descriptor, port) = try Self.takePort()
            defer { close(descriptor) }
            let cluster = try ClusterHarness(
                configuration: """
                    {ingest: {listen: ""}, scoring: {listen: "tcp://127.0.0.1:\(port)"}}
                    """)
            let ended = try Programs.run("limn-supervisor", ["--folder", cluster.folder.path])
            #expect(ended.status == .exited(ExitClass.configuration.rawValue))
            #expect(ended.output.contains("port \(port)"), "\(ended.output)")
            #expect(ended.output.contains("scoring.listen"), "\(ended.output)")
            #expect(cluster.processes().isEmpty && cluster.sockets().isEmpty)
        }

        @Test("A data folder that cannot be written is named with the cause")
        func notWritable() throws {
            let cluster = try ClusterHarness()
            // Root may write anywhere, so a file stands where a folder is needed.
            try Files.removeTree(cluster.folder.logFolder)
            try Files.writeAtomically(cluster.folder.logFolder, [], mode: 0o600)
            let ended = try Programs.run("limn-supervisor", ["--folder", cluster.folder.path])
            let codes = [ExitClass.io, .permission, .configuration].map(\.rawValue)
            let isOne = codes.contains { ended.status == .exited($0) }
            #expect(isOne, "\(String(describing: ended.status))")
            #expect(ended.output.contains(cluster.folder.path), "\(ended.output)")
            #expect(ended.output.contains("cannot"), "\(ended.output)")
        }

        /// A listening socket of ours on a port of the system's choice.
        private static func takePort() throws -> (descriptor: Int32, port: UInt16) {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try #require(descriptor >= 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    unsafe Glibc.bind(descriptor, raw, size) == 0
                        && listen(descriptor, 1) == 0
                        && getsockname(descriptor, raw, &size) == 0
                }
            }
            try #require(bound)
            return (descriptor, UInt16(bigEndian: address.sin_port))
        }
    }
}
