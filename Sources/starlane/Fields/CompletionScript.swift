import ArgumentParser

/// The completion script for bash. That of the argument parser gives what was typed to `compgen -W`, which takes quotes
/// away and would run what a filter has in `$(…)`; words are compared as they stand here.
enum CompletionScript {
    private static let option = "--generate-completion-script"

    /// Whether the arguments ask for bash's script.
    static func isAsked(_ arguments: [String]) -> Bool {
        guard let first = arguments.first, first.hasPrefix(option) else { return false }
        let told = first == option ? arguments.dropFirst().first : String(first.dropFirst(option.count + 1))
        return (told.map { CompletionShell(rawValue: $0) } ?? .autodetected()) == .bash
    }

    /// The script.
    static var bash: String {
        Starlane.completionScript(for: .bash) + """


            __starlane_add_completions() {
                local completion
                if [[ "${1}" = -W ]]; then
                    while IFS='' read -r completion; do
                        [[ "${completion}" = "${cur}"* ]] && COMPREPLY+=("${completion}")
                    done <<<"${2}"
                else
                    while IFS='' read -r completion; do
                        COMPREPLY+=("${completion}")
                    done < <(IFS=$'\\n' compgen "${@}" -- "${cur}")
                fi
            }

            """
    }
}
