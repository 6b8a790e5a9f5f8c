import Foundation
import Synchronization
import System

/// What happened, one JSON object a line: written by everybody while it happens, read by the
/// checkers when it is over.
final class History: Sendable {
    let path: String
    private let file: Int32
    private let started = Clock.monotonic()

    init(_ path: String) throws {
        self.path = path
        file = try Descriptor.appending(path).release()
    }

    deinit { _ = Descriptor(owning: file) }

    /// Fields are ready JSON values.
    func write(_ kind: String, _ fields: KeyValuePairs<String, String>) {
        let ms = (Clock.monotonic() - started).milliseconds
        var line = "{\"t\":\(ms),\"k\":\"\(kind)\""
        for (name, value) in fields { line += ",\"\(name)\":\(value)" }
        Descriptor.write(line + "}\n", to: file)
    }

    static func text(_ value: String) -> String {
        var out = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case _ where scalar.value < 32: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    static func list(_ values: [String]) -> String {
        "[" + values.map(text).joined(separator: ",") + "]"
    }

    /// Everything that was written, in order.
    func lines() throws -> [Line] {
        try Files.readText(path, bytesMax: 4 << 30).split(separator: "\n").map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8))
            return Line(fields: object as? [String: Any] ?? [:])
        }
    }

    struct Line {
        let fields: [String: Any]
        var kind: String { text("k") }
        var ms: Int { number("t") }
        func text(_ name: String) -> String { fields[name] as? String ?? "" }
        func number(_ name: String) -> Int { (fields[name] as? NSNumber)?.intValue ?? 0 }
        func list(_ name: String) -> [String] { fields[name] as? [String] ?? [] }
    }
}
