/// Shell completion, written from the list of commands.
package enum Completion {
    /// A script for bash: `eval "$(limn completion bash)"`.
    package static func bash(_ commands: [Command]) -> String {
        let names = commands.map(\.name).joined(separator: " ")
        let cases = commands.map { command in
            let options = command.allOptions.map { "--\($0.name)" }.joined(separator: " ")
            return "        \(command.name)) words=\"\(options)\" ;;"
        }
        return """
            _limn() {
                local current="${COMP_WORDS[COMP_CWORD]}" words=""
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(names)" -- "$current"))
                    return
                fi
                case "${COMP_WORDS[1]}" in
            \(cases.joined(separator: "\n"))
                esac
                case "$current" in
                    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
                    *) COMPREPLY=($(compgen -f -- "$current")) ;;
                esac
            }
            complete -F _limn limn
            """
    }
}
