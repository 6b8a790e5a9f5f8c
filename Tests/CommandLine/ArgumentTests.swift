import CommandLine
import Messages
import PlainText
import Testing

/// A terminal that keeps what is written to it.
final class Capture: @unchecked Sendable {
    var output = ""
    var errors = ""

    var terminal: Terminal {
        Terminal(
            isScreen: false, progressIsScreen: false, style: .plain, columns: nil,
            environment: [:], write: { self.output += $0 }, writeError: { self.errors += $0 })
    }

    /// Runs a command line with no cluster behind it.
    func run(_ words: [String]) -> Int32 {
        CommandLineTool.run(words, terminal: terminal) {
            (folder: String) throws(CommandFailure) -> any Cluster in
            throw CommandFailure(.unavailable, "no cluster in \(folder)", hint: "start it")
        }
    }
}

@Suite("The command line says precisely what is wrong with it")
struct ArgumentTests {
    @Test(
        "Mistakes end with 64 and a hint",
        arguments: [
            (["profil", "u1"], "unknown command \"profil\"", "did you mean profile?"),
            (["recommend", "u1", "--explian"], "--explian", "did you mean --explain?"),
            (["recommend"], "USER is missing", "limn recommend u1"),
            (["recommend", "u1", "u2"], "one word too many", "limn recommend USER"),
            (["recommend", "u1", "-n"], "--count needs a value", "--count NUMBER"),
            (["recommend", "u1", "-n", "0"], "--count 0", "from 1 to 500"),
            (["recommend", "u1", "--explain=yes"], "takes no value", ""),
            (["send", "--user", "u", "--type", "purchas"], "purchas", "did you mean purchase?"),
            (["qqqqqq"], "unknown command", "limn help"),
            (["bench", "nothing"], "no bench", ""),
        ])
    func mistakes(words: [String], message: String, hint: String) {
        let capture = Capture()
        #expect(capture.run(words) == 64, "\(capture.errors)")
        #expect(capture.errors.contains(message), "\(capture.errors)")
        #expect(capture.errors.contains(hint), "\(capture.errors)")
        #expect(capture.output.isEmpty)
    }

    @Test("No cluster ends with 69 and says what to do; JSON carries the same")
    func unavailable() {
        let capture = Capture()
        #expect(capture.run(["profile", "u1", "--folder", "/x"]) == 69)
        #expect(capture.errors == "limn: no cluster in /x\n  → start it\n")
        #expect(capture.run(["profile", "u1", "--json"]) == 69)
        #expect(
            capture.output
                == "{\"error\":\"no cluster in ./limn-data\",\"hint\":\"start it\",\"exit\":69}\n")
    }

    @Test(
        "Help is JSON too",
        arguments: [
            ["help"], ["help", "import"], ["help", "exit-codes"], ["profile", "--help"],
            ["completion", "bash"], ["version"],
        ])
    func help(words: [String]) throws {
        let capture = Capture()
        #expect(capture.run(words + ["--json"]) == 0, "\(capture.errors)")
        let value = try JSONParser.parse(Array(capture.output.utf8))
        if words.contains("import") || words.contains("--help") {
            #expect(value["name"]?.text == (words[0] == "help" ? "import" : "profile"))
        }
    }

    @Test("Every command explains itself with an example of itself")
    func help() {
        for command in CommandLineTool.commands {
            let capture = Capture()
            #expect(capture.run(["help", command.name]) == 0)
            #expect(capture.output.contains("Example\n  \(command.example)"))
            #expect(command.example.contains("limn \(command.name)"))
            let other = Capture()
            #expect(other.run([command.name, "--help"]) == 0)
            #expect(other.output == capture.output)
        }
    }

    @Test("Help of recommend, word for word")
    func goldenHelp() {
        let capture = Capture()
        #expect(capture.run(["help", "recommend"]) == 0)
        #expect(
            capture.output == """
                limn recommend: recommend items to a user

                limn recommend USER [options]

                Options
                  -n, --count NUMBER       how many items (default 10)
                      --explain            say for each item why it is there
                      --category PATH      only items below this category
                      --include-purchased  also what the user has bought already
                      --folder DIR         data folder (default: $LIMN_FOLDER, or ./limn-data)
                      --json               print JSON for machines
                  -h, --help               explain this command

                Example
                  limn recommend u1 -n 5 --explain

                """)
    }

    @Test("The overview names every command, and the exit codes are listed")
    func overview() {
        let capture = Capture()
        #expect(capture.run([]) == 0)
        for command in CommandLineTool.commands {
            #expect(capture.output.contains("  \(command.name) "))
        }
        #expect(capture.run(["help", "exit-codes"]) == 0)
        for code in [0, 1, 64, 65, 69, 74, 75, 77, 78] {
            #expect(capture.output.contains("\n  \(code) "))
        }
    }

    @Test("Completion knows every command and option")
    func completion() {
        let capture = Capture()
        #expect(capture.run(["completion", "bash"]) == 0)
        #expect(capture.output.contains("recommend) words=\"--count --explain"))
        #expect(capture.output.hasSuffix("complete -F _limn limn\n"))
    }

    @Test("Distances of words")
    func distances() {
        #expect(EditDistance.between(Array("kitten"), Array("sitting")) == 3)
        #expect(EditDistance.between(Array(""), Array("abc")) == 3)
        #expect(Suggestion.nearest(to: "statsu", among: ["status", "train"]) == "status")
        #expect(Suggestion.nearest(to: "xyz", among: ["status", "train"]) == nil)
    }
}
