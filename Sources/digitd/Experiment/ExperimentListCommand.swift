import ArgumentParser
import DigitAPI
import DigitClient
import JSONText

/// Lists a server's experiments.
struct ExperimentListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a server's experiments, newest first.",
        discussion: "Example:\n  digitd experiment list --state running")

    @OptionGroup var options: ServerOptions

    @Option(help: "Only those in this state.")
    var state: ExperimentState?

    @Option(parsing: .unconditional, help: "The most to list, 1 or more.")
    var limit = 20

    @Flag(help: "Print the server's descriptions of them, as JSON.")
    var json = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is \(limit); expected 1 or more") }
    }

    func run() throws {
        let client = try options.client()
        if json {
            let experiments = try client.experiments(JSONValue.self, state: state, limit: limit)
            StandardOutput.write(try JSONWriter.text(of: experiments, .indented) + "\n")
        } else {
            let experiments = try client.experiments(ExperimentDescription.self, state: state, limit: limit)
            StandardOutput.write(ExperimentText.table(of: experiments, width: StandardOutput.width))
        }
    }
}

extension ExperimentState: ExpressibleByArgument {}
