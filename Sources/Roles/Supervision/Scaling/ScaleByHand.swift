import Runtime
import System

/// The numbers of processes that operators have set, in a file of lines "role count".
package struct ScaleByHand: Sendable, Equatable {
    let counts: [String: Int]

    package init(_ counts: [String: Int]) { self.counts = counts }

    private static func path(_ folder: DataFolder) -> String { "\(folder.runFolder)/scale" }

    /// What is there; a line that is no role and count from 1 to 64 is passed over.
    static func read(_ folder: DataFolder) -> ScaleByHand {
        let text = (try? Files.readText(path(folder))) ?? ""
        return ScaleByHand(parsing: text)
    }

    package init(parsing text: String) {
        var counts: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let count = Int(words[1]),
                (1...Supervisor.processesMax).contains(count)
            else { continue }
            counts[String(words[0])] = count
        }
        self.counts = counts
    }

    package var text: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
    }

    func write(_ folder: DataFolder) throws(SystemError) {
        try Files.writeAtomically(Self.path(folder), Array(text.utf8), mode: 0o600)
    }
}
