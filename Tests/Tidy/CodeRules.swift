/// Rules that need code without its comments and literals: each says what is wrong with a text.
enum CodeRules {
    static func force(_ path: String, _ text: String) -> [String] {
        SwiftText.code(text).enumerated().compactMap { index, line in
            line.contains(/[\w)\]][!](?:$|[.,)\]\s;}(\[])/)
                ? "\(path):\(index + 1): force unwrap" : nil
        }
    }

    // No `\b` below: to Unicode `a.b` is one word.

    /// Text for people goes through one place that escapes it and sees whether it was written.
    static func output(_ path: String, _ text: String) -> [String] {
        guard path.hasPrefix("Sources/") else { return [] }
        return SwiftText.code(text).enumerated().compactMap { index, line in
            let place = "\(path):\(index + 1): "
            if line.contains(/FileHandle\.standard(?:Output|Error)/) {
                return place + "StandardOutput and StandardError write"
            }
            let writes = /(?:^|[^\w.])(?:print|debugPrint|puts|fputs|printf)\(/
            return line.contains(writes) && !line.contains("func print(")
                && !path.hasPrefix("Sources/Roles/CommandLine/Bench/")
                ? place + "terminal.print writes" : nil
        }
    }

    /// The domain takes chance, bytes and time as arguments.
    static func purity(_ path: String, _ text: String) -> [String] {
        guard path.hasPrefix("Sources/Domain/") else { return [] }
        return SwiftText.code(text).enumerated().compactMap { index, line in
            let place = "\(path):\(index + 1): "
            if line.contains(/(?:^|\W)(?:FileManager|FileHandle|ProcessInfo|Thread)(?:\W|$)/) {
                return place + "the domain knows no file, process or thread"
            }
            if line.contains(/(?:^|\W)(?:fopen|getenv|clock_gettime|arc4random|drand48|print)\(/) {
                return place + "the domain calls nothing of the machine"
            }
            if line.contains(/\w+Clock\(\)/) { return place + "time is an argument" }
            // A call that goes on in the next line is let pass.
            let isChance = line.contains(/\.(?:random|shuffled|shuffle|randomElement)\(/)
            return isChance && !line.contains("using:") && !line.hasSuffix("(")
                ? place + "chance without `using:`" : nil
        }
    }
}
