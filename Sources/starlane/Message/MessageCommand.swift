import ArgumentParser

struct MessageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Speak with terminals: send short messages, and listen to what comes in.",
        subcommands: [SendCommand.self, ListenCommand.self])
}
