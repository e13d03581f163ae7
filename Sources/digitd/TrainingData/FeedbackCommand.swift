import ArgumentParser
import DigitAPI
import DigitClient
import Digits
import JSONText

/// Digits that were corrected, for a server's next training.
struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "Give a server digits with what they really are, for its next training.",
        discussion: "Example:\n  digitd feedback add 7 digit.pbm",
        subcommands: [FeedbackListCommand.self, FeedbackAddCommand.self, FeedbackDeleteCommand.self])
}

/// The corrected digits of a server.
struct FeedbackListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the digits that a server was given, newest first.",
        discussion: "Example:\n  digitd feedback list --draw")

    @OptionGroup var options: ServerOptions

    @Option(parsing: .unconditional, help: "The most to list, 1 or more.")
    var limit = 20

    @Flag(help: "Draw each of them.")
    var draw = false

    @Flag(help: "Print what the server says, as JSON.")
    var json = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is \(limit); expected 1 or more") }
    }

    func run() throws {
        let digits = try TrainingDataClient(server: try options.address()).feedback(limit: limit)
        if json { return StandardOutput.write(try JSONWriter.text(of: digits, .indented) + "\n") }
        guard draw else { return StandardOutput.write(FeedbackListCommand.table(of: digits, width: StandardOutput.width)) }
        for digit in digits {
            let hexadecimal = Array(digit.bitmap.utf8)
            StandardOutput.write("\(digit.id): \(digit.digit), \(digit.time.printable)\n")
            StandardOutput.write(BitmapDrawing.text(of: [try Bitmap(text: hexadecimal.span)]) + "\n")
        }
    }

    /// A row a digit.
    static func table(of digits: [FeedbackDescription], width: Int?) -> String {
        var table = TextTable([("id", .right), ("digit", .right), ("time", .left), ("bitmap", .left)])
        for digit in digits { table.append(["\(digit.id)", "\(digit.digit)", digit.time, digit.bitmap]) }
        return table.text(width: width)
    }
}

/// Gives digits with what they are.
struct FeedbackAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give a server digits, all of one kind.",
        discussion: "Inputs are what 'digitd predict' reads.\n\nExample:\n  digitd feedback add 7 digit.pbm")

    @OptionGroup var options: ServerOptions

    @Argument(help: "What they are, 0 to 9.")
    var digit: UInt8

    @Argument(help: "Files to read; '-', or none at all, is standard input.", completion: .file())
    var inputs: [String] = []

    @Flag(help: "Where a bitmap was given with another digit, this one is right.")
    var replace = false

    func validate() throws {
        if digit > 9 { throw ValidationError("the digit is \(digit); expected 0 to 9") }
    }

    func run() throws {
        let sources = inputs.isEmpty ? [InputFile.standardInput] : inputs
        let bitmaps = try sources.flatMap { try PredictInput(path: $0).items }.map(\.bitmap.hexadecimal)
        let correction = TrainingDataClient.Correction(bitmaps: bitmaps, digit: digit, replacing: replace)
        let answer = try TrainingDataClient(server: try options.address()).add(correction)
        StandardOutput.write("\(answer.accepted) given; the server keeps \(answer.total)\n")
    }
}

/// Takes a corrected digit back.
struct FeedbackDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take back a digit that a server was given.",
        discussion: "Example:\n  digitd feedback delete 12")

    @OptionGroup var options: ServerOptions

    @Argument(help: "Its number, as 'digitd feedback list' has it.")
    var id: Int

    func run() throws {
        try TrainingDataClient(server: try options.address()).deleteFeedback(id)
        StandardOutput.write("deleted \(id)\n")
    }
}
