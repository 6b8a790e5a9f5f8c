import PlainText

/// The flags of every role's program.
package struct RoleArguments: Sendable, Equatable {
    package var folder = ""
    package var index = 0
    /// The configuration to read; empty = that of the folder.
    package var configuration = ""
    package var isStandalone = false
    package var wantsHelp = false

    package init() {}

    /// Takes flags apart; an unknown one is refused with the nearest known.
    package static func parse(_ arguments: [String]) throws(StartFailure) -> RoleArguments {
        var result = RoleArguments()
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            switch flag {
            case "--folder": result.folder = try value(of: flag, &rest)
            case "--index":
                let text = try value(of: flag, &rest)
                guard let index = Int(text), (0..<64).contains(index) else {
                    throw StartFailure(.usage, "--index must be 0 to 63, not \"\(text)\"")
                }
                result.index = index
            case "--configuration": result.configuration = try value(of: flag, &rest)
            case "--standalone": result.isStandalone = true
            case "--help", "-h": result.wantsHelp = true
            default:
                let known = [
                    "--folder", "--index", "--configuration", "--standalone", "--help",
                ]
                let near = Suggestion.nearest(to: flag, among: known)
                throw StartFailure(
                    .usage, "there is no flag \"\(flag)\"",
                    hint: near.map { "did you mean \($0)?" } ?? "--help lists them")
            }
        }
        if !result.wantsHelp && result.folder.isEmpty {
            throw StartFailure(.usage, "--folder DIR is missing", hint: "--help says more")
        }
        return result
    }

    private static func value(
        of flag: String, _ rest: inout ArraySlice<String>
    ) throws(StartFailure) -> String {
        guard let value = rest.popFirst() else {
            throw StartFailure(.usage, "\(flag) needs a value", hint: "--help says more")
        }
        return value
    }

    static func help(_ kind: RoleKind) -> String {
        """
        \(kind.executable): a role of Limn, normally started by limn-supervisor

          --folder DIR    the cluster's data folder (limn init makes one)
          --index N       which process of this role, from 0
          --configuration FILE
                          read this instead of DIR/limn.json5
          --standalone    run without a supervisor, until SIGTERM or Ctrl-C
          --help          this text

        Example: \(kind.executable) --folder ~/shop --standalone
        Exit codes: 0 stopped, 64 usage, 65 data, 69 unavailable, 70 bug, 74 input or output,
        75 temporary, 77 permission, 78 configuration

        """
    }
}
