/// Why a row of a file became no record.
package struct RowError: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        case columns, quote, encoding, json, missing, time, number, type
        case tooLong = "too-long"
    }

    package var line: Int
    package var column: String
    package var code: Code
    package var reason: String

    package init(_ code: Code, _ reason: String, line: Int = 0, column: String = "") {
        self.line = line
        self.column = column
        self.code = code
        self.reason = reason
    }
}

/// Row errors of one import: counted by code, the first few kept, all written to a file if wanted.
package struct RowErrorReport: Sendable {
    package static let shownMax = 5
    package private(set) var total = 0
    package private(set) var byCode: [RowError.Code: Int] = [:]
    package private(set) var first: [RowError] = []

    package init() {}

    package mutating func add(_ error: RowError) {
        total += 1
        byCode[error.code, default: 0] += 1
        if first.count < Self.shownMax { first.append(error) }
    }

    /// One line of the error file.
    package static func csvLine(_ error: RowError) -> String {
        let reason = error.reason.replacing("\"", with: "\"\"")
        return "\(error.line),\"\(error.column)\",\(error.code.rawValue),\"\(reason)\"\n"
    }

    package static let csvHeader = "line,column,code,reason\n"

    package func lines() -> [String] {
        guard total > 0 else { return [] }
        var lines = first.map { error in
            let place = error.column.isEmpty ? "" : ", column \(error.column)"
            return "  line \(error.line)\(place): \(error.code.rawValue): \(error.reason)"
        }
        if total > first.count { lines.append("  … and \(Format.count(total - first.count)) more") }
        let counts = RowError.Code.allCases.compactMap { code in
            byCode[code].map { "\(code.rawValue) \(Format.count($0))" }
        }
        return ["row errors: " + counts.joined(separator: ", ")] + lines
    }
}
