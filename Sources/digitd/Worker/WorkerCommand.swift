import ArgumentParser
import Experiments

/// Does units of a search for the server that started it; nobody else need call it.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do units of a search, read from standard input as lines of JSON. The server starts its own.",
        shouldDisplay: false)

    @Option(help: "The process that started it, without which it ends.")
    var parent: Int32?

    @Option(help: "Bytes of memory that it may have.")
    var memoryBytes: Int?

    @Flag(inversion: .prefixedNo, help: "Run only where nothing else wants to.")
    var idle = true

    func run() throws {
        try WorkerMain.run(parent: parent, limits: WorkerMain.Limits(isIdle: idle, memoryBytes: memoryBytes))
    }
}
