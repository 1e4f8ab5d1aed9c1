import ArgumentParser

struct MessageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Read and write single messages of terminals, send short messages, and listen to what comes in.",
        subcommands: [
            MessageDecodeCommand.self, MessageEncodeCommand.self, MessageTypesCommand.self, SendCommand.self,
            ListenCommand.self,
        ])
}
