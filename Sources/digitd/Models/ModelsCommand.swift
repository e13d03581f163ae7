import ArgumentParser
import Classifiers
import DigitAPI
import DigitClient
import JSONText

/// A server's models, and what can be done with them.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List a server's models, choose which version serves, and see what was changed.",
        discussion: "Example:\n  digitd models list",
        subcommands: [
            ModelsListCommand.self, ModelsActivateCommand.self, ModelsDefaultCommand.self, ModelsWithdrawCommand.self,
            ModelsAuditCommand.self,
        ])
}

extension ClassifierName: ExpressibleByArgument {}

/// The models in service.
struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models in service, with their versions and accuracies.",
        discussion: "Example:\n  digitd models list --json")

    @OptionGroup var options: ServerOptions

    @Flag(help: "Print what the server says, as JSON.")
    var json = false

    func run() throws {
        let models = try ModelClient(server: try options.address()).models()
        if json { return StandardOutput.write(try JSONWriter.text(of: models, .indented) + "\n") }
        Narration.standardOutput.write(ModelText.text(of: models, width: StandardOutput.width))
    }
}

/// Puts a version into service.
struct ModelsActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Put a version of a model into service; also the way back to an earlier one.",
        discussion: "Example:\n  digitd models activate svm 1")

    @OptionGroup var options: ServerOptions

    @Argument(help: "The model.")
    var model: ClassifierName

    @Argument(help: "The version, as 'digitd models list' has it.")
    var version: Int

    func run() throws {
        let active = try ModelClient(server: try options.address()).activate(model.rawValue, version: version)
        StandardOutput.write("\(active.name.rawValue) version \(active.version) is in service\n")
    }
}

/// Says what answers where a request names no model.
struct ModelsDefaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "default",
        abstract: "Pin the model that answers where a request names none, or take the pin away.",
        discussion: "Example:\n  digitd models default svm")

    @OptionGroup var options: ServerOptions

    @Argument(help: "The model to pin.")
    var model: ClassifierName?

    @Flag(help: "Take the pin away: the model with the best comparable accuracy answers.")
    var unpin = false

    func validate() throws {
        if (model == nil) != unpin { throw ValidationError("expected a model to pin, or --unpin, and not both") }
    }

    func run() throws {
        let choice = try ModelClient(server: try options.address()).setDefault(DefaultModelRequest(model: model))
        Narration.standardOutput.write(ModelText.line(of: choice))
    }
}

/// Takes a model out of service.
struct ModelsWithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a model that an experiment has made out of service.",
        discussion: "Example:\n  digitd models withdraw adaboost")

    @OptionGroup var options: ServerOptions

    @Argument(help: "The model.")
    var model: ClassifierName

    func run() throws {
        let left = try ModelClient(server: try options.address()).withdraw(model.rawValue)
        let names = left.models.map(\.name.rawValue).joined(separator: ", ")
        Narration.standardOutput.write("\(model.rawValue) is out of service; in service are \(names)\n")
    }
}

/// What was changed, when and why.
struct ModelsAuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "List the changes of the models, newest first, with their reasons.",
        discussion: "Example:\n  digitd models audit --limit 5")

    @OptionGroup var options: ServerOptions

    @Option(parsing: .unconditional, help: "The most to list, 1 or more.")
    var limit = 20

    @Flag(help: "Print what the server says, as JSON.")
    var json = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is \(limit); expected 1 or more") }
    }

    func run() throws {
        let changes = try ModelClient(server: try options.address()).changes(limit: limit)
        if json { return StandardOutput.write(try JSONWriter.text(of: changes, .indented) + "\n") }
        StandardOutput.write(ModelText.table(of: changes, width: StandardOutput.width))
    }
}
