import ArgumentParser
import Foundation
import TestData
import Testing

@testable import digitd

struct CommandHelpTests {
    private struct Command {
        let type: any ParsableCommand.Type
        /// Behind `digitd`.
        let words: [String]
    }

    /// Every command that help lists, the one without words first.
    private static let commands: [Command] = {
        var commands = [Command(type: Digitd.self, words: [])]
        var place = 0
        while place < commands.count {
            let parent = commands[place]
            for type in parent.type.configuration.subcommands where type.configuration.shouldDisplay {
                commands.append(Command(type: type, words: parent.words + [type.configuration.commandName ?? ""]))
            }
            place += 1
        }
        return commands
    }()

    @Test("the help of every command has an example that the parser takes, and that fits 60 columns")
    func examples() throws {
        let commands = Self.commands
        #expect(commands.count >= 16)
        for command in commands {
            let help = Digitd.helpMessage(for: command.type, columns: 60)
            let example = try #require(help.firstMatch(of: /Example:\n  digitd (.+)/), "\(command.words)").1
            #expect(example.count + 9 <= 60, "\(example)")
            let arguments = example.split(separator: " ").map(String.init)
            #expect(arguments.starts(with: command.words), "\(example)")
            #expect(throws: Never.self, "\(example)") { _ = try Digitd.parseAsRoot(arguments) }
        }
    }

    @Test("no line of a command's help is wider than the terminal, from 60 columns up", arguments: [60, 80])
    func width(columns: Int) {
        for command in Self.commands {
            let help = Digitd.helpMessage(for: command.type, columns: columns).wrapped(toWidth: columns)
            #expect(help.split(separator: "\n").allSatisfy { $0.count <= columns }, "\(command.words)")
        }
    }

    @Test(
        "bash completes names of files where an option or an argument is a file, and of folders where it is a folder",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash"), "there is no bash"))
    func completion() async throws {
        let folder = try ServeTestFolder()
        try folder.write("", to: "model.json")
        try folder.write("", to: "models/svm.json")
        try folder.write(Digitd.completionScript(for: .bash), to: "complete.bash")
        let (files, folders) = ("model.json models", "models")
        let cases = [
            ("predict --model mo", files), ("predict mo", files), ("evaluate --data mo", files), ("train --data mo", files),
            ("train --grid mo", files), ("train --report mo", files), ("train --output mo", folders), ("study --figures mo", folders),
            ("study --report mo", files), ("pca --report mo", files), ("dataset info mo", files), ("dataset convert mo mo", files),
            ("dataset synthesize mo", files), ("experiment submit --grid mo", files), ("experiment submit --folds mo", files),
            ("experiment report --output mo", files), ("experiment watch la", "latest"), ("serve --config mo", files),
        ]
        // As bash itself calls the function that the script has registered.
        let calls = cases.map { line, _ in
            let words = ["digitd"] + line.split(separator: " ").map(String.init)
            return """
                COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1); COMP_LINE='digitd \(line)'
                COMP_POINT=${#COMP_LINE}; COMPREPLY=()
                _digitd digitd \(words[words.count - 1]) \(words[words.count - 2]); echo "${COMPREPLY[*]}"

                """
        }
        try folder.write("source ./complete.bash\n" + calls.joined(), to: "calls.bash")
        let bash = try StartedProgram("/bin/bash", ["calls.bash"], folder: folder.path)
        #expect(await onThread { bash.waitUntilExit() } == 0, "\(bash.errorText)")
        let completions = bash.outputText.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.split(separator: " ").sorted().joined(separator: " ") }
        #expect(completions == cases.map(\.1))
    }
}
