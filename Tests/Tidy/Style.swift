/// Rules of style that can be read off the text of one file.
enum Style {
    static let linesMax = 500
    static let columnsMax = 100
    /// Folders where `unsafe` is at home, and the one hot file beside them.
    static let unsafeAllowed = [
        "Sources/Mechanism/", "Sources/Messages/Messages/Hot/HotBytes.swift",
    ]
    /// The executor of a role's actor is unowned by definition.
    static let unsafeLine = "unsafe environment.loop.asUnownedSerialExecutor()"
    // Written in two parts so that this file does not complain about itself.
    static let unfinished = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]
    static let machinePaths = ["/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/"]
    static let impure = [
        "Date()", "SystemRandomNumberGenerator", ".randomElement()", ".shuffled()",
    ]

    static func complaints(path: String, text: String) -> [String] {
        var found: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.count > linesMax + 1 { found.append("\(path): \(lines.count) lines") }
        for (index, line) in lines.enumerated() {
            let place = "\(path):\(index + 1): "
            if isCode(path) && line.count > columnsMax {
                found.append(place + "longer than \(columnsMax)")
            }
            for word in unfinished where line.contains(word) { found.append(place + word) }
            for part in machinePaths where line.contains(part) { found.append(place + part) }
            if line.contains("try!") && !path.hasPrefix("Tests/Tidy/") {
                found.append(place + "try!")
            }
            if usesUnsafe(line) && !allowsUnsafe(path) && !line.contains(unsafeLine) {
                found.append(place + "unsafe outside the mechanism")
            }
            if path.hasPrefix("Sources/Domain/") {
                for word in impure where line.contains(word) {
                    found.append(place + word + " in the domain: time and chance are arguments")
                }
            }
        }
        return found
    }

    private static func isCode(_ path: String) -> Bool {
        path.hasSuffix(".swift") || path.hasSuffix(".py")
    }

    private static func usesUnsafe(_ line: Substring) -> Bool {
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return code.contains("unsafe ") && !code.contains("\"")
    }

    private static func allowsUnsafe(_ path: String) -> Bool {
        path.hasPrefix("Tests/") || unsafeAllowed.contains { path.hasPrefix($0) }
    }

    /// A page has exactly one title, on its first line; `#` inside fences does not count.
    static func titles(_ text: String) -> Int {
        var fenced = false
        var count = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { fenced.toggle() }
            if !fenced && line.hasPrefix("# ") { count += 1 }
        }
        return count
    }
}
