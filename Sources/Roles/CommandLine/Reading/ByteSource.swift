import Foundation

/// Bytes of a file in pieces: plain, standard input, or through the system's decompressor.
package final class ByteSource {
    package static let pieceBytes = 1 << 18

    private let handle: FileHandle
    private let decompressor: Process?
    private let path: String
    /// Bytes of the file on disk; nil if not known.
    package let total: Int?
    package private(set) var bytesRead = 0
    private let isCompressed: Bool

    /// Opens `path`; "-" is standard input.
    package init(_ path: String) throws(CommandFailure) {
        self.path = path
        if path == "-" {
            handle = FileHandle.standardInput
            decompressor = nil
            total = nil
            isCompressed = false
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(
                .inputOutput, "there is no file \(path)", hint: "check the path")
        }
        if isFolder.boolValue {
            throw CommandFailure(.inputOutput, "\(path) is a folder, not a file")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(
                .permission, "\(path) cannot be read", hint: "check its permissions")
        }
        let size = (try? file.seekToEnd()).map { Int($0) }
        try? file.seek(toOffset: 0)
        total = size
        if let program = Self.program(for: path) {
            let pipe = Pipe()
            let process = try Self.start(program, file, pipe, path)
            decompressor = process
            handle = pipe.fileHandleForReading
            isCompressed = true
            compressedFile = file
        } else {
            decompressor = nil
            handle = file
            isCompressed = false
        }
    }

    private var compressedFile: FileHandle?

    private static func program(for path: String) -> String? {
        let programs = [".gz": "gzip", ".xz": "xz", ".zst": "zstd", ".bz2": "bzip2"]
        return programs.first { path.hasSuffix($0.key) }?.value
    }

    /// The path without compression endings, for guessing the format.
    package static func plainName(_ path: String) -> String {
        for ending in [".gz", ".xz", ".zst", ".bz2"] where path.hasSuffix(ending) {
            return String(path.dropLast(ending.count))
        }
        return path
    }

    private static func start(
        _ program: String, _ file: FileHandle, _ pipe: Pipe, _ path: String
    ) throws(CommandFailure) -> Process {
        let folders = ["/usr/bin", "/bin", "/usr/local/bin"]
        guard
            let found = folders.map({ "\($0)/\(program)" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else {
            throw CommandFailure(
                .unavailable, "\(path) needs the program \(program), which is not installed",
                hint: "install it (apt-get install \(program)), or unpack the file first")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: found)
        process.arguments = ["-dc"]
        process.standardInput = file
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            throw CommandFailure(.unavailable, "\(found) could not be started: \(error)")
        }
        return process
    }

    /// The next piece; empty at the end.
    package func read() throws(CommandFailure) -> [UInt8] {
        do {
            let piece = try handle.read(upToCount: Self.pieceBytes) ?? Data()
            bytesRead += piece.count
            if piece.isEmpty { try finish() }
            return [UInt8](piece)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.inputOutput, "\(path) could not be read: \(error)")
        }
    }

    private func finish() throws(CommandFailure) {
        guard let decompressor else { return }
        decompressor.waitUntilExit()
        if decompressor.terminationStatus != 0 {
            throw CommandFailure(
                .data, "\(path) is damaged: unpacking it failed at the end of what was read",
                hint: "fetch the file again; what was read before is already imported")
        }
    }

    /// Stops before the end, so that no decompressor is left behind.
    package func close() {
        if let decompressor, decompressor.isRunning { decompressor.terminate() }
        if path != "-" { try? handle.close() }
    }

    /// How much of the file is done, 0 to 1, from the place in the file on disk; nil if unknown.
    package var share: Double? {
        guard let total, total > 0 else { return nil }
        if !isCompressed { return min(1, Double(bytesRead) / Double(total)) }
        guard let place = try? compressedFile?.offset() else { return nil }
        return min(1, Double(place) / Double(total))
    }
}
