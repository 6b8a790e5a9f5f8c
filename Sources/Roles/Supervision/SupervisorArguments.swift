import PlainText
package import Runtime

/// The flags of `limn-supervisor`.
package struct SupervisorArguments: Sendable, Equatable {
    package var folder = ""
    package var checksOnly = false
    package var isVerbose = false
    package var wantsHelp = false

    package init() {}

    package static let help = """
        limn-supervisor: starts, watches and stops all of Limn on this host

          --folder DIR    the data folder (limn init --folder DIR makes one)
          --check         check the configuration, say what is wrong, and end
          --verbose       what the roles write goes to this terminal instead of DIR/logs
          --foreground    the same as --verbose
          --help          this text

        Example: limn-supervisor --folder ~/shop
        It runs until SIGTERM, Ctrl-C, or `limn stop`. Exit codes: 0 stopped, 64 usage, 69 folder in
        use, 74 input or output, 75 temporary, 77 permission, 78 configuration

        """

    /// Takes flags apart; an unknown one is refused with the nearest known.
    package static func parse(_ arguments: [String]) throws(StartFailure) -> SupervisorArguments {
        var result = SupervisorArguments()
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            switch flag {
            case "--folder":
                guard let folder = rest.popFirst() else {
                    throw StartFailure(.usage, "--folder needs a value")
                }
                result.folder = folder
            case "--check": result.checksOnly = true
            case "--verbose", "--foreground": result.isVerbose = true
            case "--help", "-h": result.wantsHelp = true
            default:
                let known = ["--folder", "--check", "--verbose", "--foreground", "--help"]
                let near = Suggestion.nearest(to: flag, among: known)
                throw StartFailure(
                    .usage, "there is no flag \"\(flag)\"",
                    hint: near.map { "did you mean \($0)?" } ?? "--help lists them")
            }
        }
        if result.folder.isEmpty && !result.wantsHelp {
            throw StartFailure(.usage, "--folder DIR is missing", hint: "--help says more")
        }
        return result
    }
}
