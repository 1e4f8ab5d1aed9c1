import ArgumentParser

struct MessageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Read and write single messages of terminals, and talk to a terminal.",
        subcommands: [MessageDecodeCommand.self, MessageEncodeCommand.self, MessageTypesCommand.self])
}
