import Digits
import Files
import Foundation
import TestData
import Testing

@testable import digitd

@Suite(
    "What commands read and write", .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"),
    .timeLimit(.minutes(10)))
struct CommandOutputTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
        try folder.write("search: [{classifier: gaussian-naive-bayes}]", to: "grid.yaml")
        try folder.write(String(repeating: "0", count: 64), to: "digit")
    }

    /// Runs a line of the shell with the program as `$D`, in the test's folder.
    private func shell(_ line: String, status: Int32 = 0) async throws -> (output: String, errors: String) {
        let environment = ProcessInfo.processInfo.environment.merging([
            "D": try #require(ServeProcess.executable), "M": TestData.packageRoot + "/Models/svm.json",
        ]) { $1 }
        let program = try StartedProgram("/bin/sh", ["-c", line], environment: environment, folder: folder.path)
        #expect(await onThread { program.waitUntilExit() } == status, "\(line): \(program.errorText)")
        return (program.outputText, program.errorText)
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    @Test(
        "where standard output takes nothing, every command ends with EX_IOERR and says so",
        arguments: [
            "--help", "--version", "train --help", "predict --model \"$M\" digit", "predict --json --model \"$M\" digit",
            "evaluate --model \"$M\" --data synthetic:10", "dataset info synthetic:10", "dataset render synthetic:10",
            "dataset render synthetic:10 --row 1", "dataset convert synthetic:10 a.csv", "dataset synthesize - --format csv",
            "train --data synthetic:60 --grid grid.yaml --folds 2 --output o",
            "study --data synthetic:60 --grid grid.yaml --folds 2 --report r.json",
            "study --data synthetic:60 --grid grid.yaml --folds 2 --report -", "settings yaml", "serve --print-config",
        ])
    func fullOutput(arguments: String) async throws {
        let errors = try await shell("\"$D\" \(arguments) > /dev/full", status: 74).errors
        #expect(errors.contains("digitd: standard output: cannot be written: No space left on device"), "\(errors)")
    }

    @Test("'-' is standard input where a file is read, and standard output where one is written, which then carries nothing else")
    func dash() async throws {
        let converted = try await shell(
            "\"$D\" dataset synthesize - --format csv --rows 7 | \"$D\" dataset convert - - --format packed | wc -c")
        #expect(converted.output.trimmingCharacters(in: .whitespaces) == "231\n")
        #expect(
            try await shell("\"$D\" dataset info - < digit", status: 65).errors.hasPrefix("digitd: standard input: expected 266 values"))
        let study = try await shell("\"$D\" study --data synthetic:60 --grid - --folds 2 --report - < grid.yaml")
        #expect(try JSONSerialization.jsonObject(with: Data(study.output.utf8)) is [String: Any])
        #expect(study.errors.contains("gaussian-naive-bayes"))
        #expect(!FileManager.default.fileExists(atPath: path("-.journal")) && !FileManager.default.fileExists(atPath: path("-")))
        let train = try await shell("\"$D\" train --data synthetic:60 --grid grid.yaml --folds 2 --output o --report -")
        #expect(try JSONSerialization.jsonObject(with: Data(train.output.utf8)) is [String: Any])
        #expect(train.errors.contains("wrote o/gaussian-naive-bayes.json\n"))
        #expect(try await shell("\"$D\" evaluate --model - --data synthetic:20 < \"$M\"").output.hasPrefix("svm on synthetic: "))
    }

    @Test("folds that a search wrote make another search of the same folds, and its predictions have a line a row")
    func foldsAndPredictions() async throws {
        let train = "\"$D\" train --data synthetic:60 --grid grid.yaml"
        let first = train + " --folds 3 --seed 7 --output a --write-folds f.json --write-predictions p.csv"
        #expect(try await shell(first).output.hasSuffix("wrote a/training-report.json\nwrote f.json\nwrote p.csv\n"))
        let again = try await shell(train + " --folds f.json --output b --write-predictions -")
        #expect(again.output == (try String(contentsOfFile: path("p.csv"), encoding: .utf8)))
        #expect(again.output.hasPrefix("row,label,fold,gaussian-naive-bayes\r\n0,0,"))
        #expect(again.output.split(separator: "\r\n").count == 61)
        let both = "\"$D\" train --data synthetic:60 --folds 3 --output c --report - --write-predictions -"
        #expect(
            try await shell(both, status: 64).errors
                == "digitd: one of --report, --write-folds and --write-predictions can be standard output\n")
    }

    @Test("a digit with fewer rows than folds is refused, and only warned of where that is asked for; what did not converge is named")
    func smallClassesAndConvergence() async throws {
        try folder.write("search: [{classifier: logistic-regression, grid: {max_iter: [1]}}]", to: "grid.yaml")
        let command = "\"$D\" train --data synthetic:25 --grid grid.yaml --folds 3 --output o"
        #expect(try await shell(command, status: 65).errors == "digitd: expected at least 3 rows of digit 5, one a fold, found 2\n")
        let (output, errors) = try await shell(command + " --allow-small-classes")
        #expect(errors.contains("digitd: warning: digit 5 has 2 rows, fewer than 3 folds: some are measured without it\n"))
        #expect(!errors.contains("digit 4"))
        #expect(output.contains("\nnot converged in 3 of 3 folds: logistic-regression max_iter=1\n"))
    }

    @Test("a report goes to what stands there: through a link, into a FIFO, and a file keeps its mode")
    func places() async throws {
        let study = "\"$D\" study --data synthetic:60 --grid grid.yaml --folds 2 --report"
        _ = try await shell("mkdir real && touch real/r.json && chmod 600 real/r.json && ln -s real/r.json link.json && \(study) link.json")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("link.json")) == "real/r.json")
        #expect(try FileManager.default.attributesOfItem(atPath: path("real/r.json"))[.posixPermissions] as? Int == 0o600)
        let fifo = try await shell("mkfifo fifo && { cat fifo & \(study) fifo >/dev/null; wait; } && test -p fifo")
        #expect(try JSONSerialization.jsonObject(with: Data(fifo.output.utf8)) is [String: Any])
    }

    @Test("files whose names are not UTF-8 are read and written under their own names, and shown escaped")
    func names() async throws {
        let name = "$(printf 'caf\\351.csv')"
        let written = try await shell("\"$D\" dataset synthesize --rows 5 \"\(name)\" && test -f \"\(name)\"")
        #expect(written.output == #"wrote caf\xE9.csv: 5 rows, csv"# + "\n")
        #expect(try await shell("\"$D\" dataset info \"\(name)\"").output.hasPrefix("caf\u{FFFD}: 5 rows\n"))
        let missing = try await shell("\"$D\" dataset info \"$(printf 'x\\377')\"", status: 66)
        #expect(missing.errors == #"digitd: x\xFF: cannot be read: No such file or directory"# + "\n")
    }

    @Test("what is larger than the memory there is, is refused before it is read")
    func large() async throws {
        let refused = try await shell("truncate -s 10T big.data && \"$D\" dataset info big.data", status: 66)
        #expect(refused.errors.hasPrefix("digitd: big.data: cannot be read: expected at most "), "\(refused.errors)")
        #expect(refused.errors.hasSuffix(", found 10995116277760\n"))
    }

    @Test("Ctrl-C in train and pca says what is kept", arguments: [("train", "--output o"), ("pca", "")])
    func interruption(command: String, more: String) async throws {
        let program = try StartedProgram(
            try #require(ServeProcess.executable),
            [command, "--data", "synthetic:20000"] + more.split(separator: " ").map(String.init), folder: folder.path)
        // A signal before the work has begun ends the program as it does any other.
        while ProgramSignals.catches(SIGINT, program.processID) == false, program.status == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        program.send(signal: SIGINT)
        #expect(await onThread { program.waitUntilExit() } == 130)
        #expect(program.errorText.contains("digitd: interrupted; nothing of "), "\(program.errorText)")
    }

    @Test("an interruption while models are written names those that are whole")
    func interruptionLate() {
        #expect(
            TrainCommand.interruptionMessage(kept: ["o/svm.json"], folder: "o")
                == "interrupted; kept o/svm.json; the report and what was to follow are missing")
    }
}

/// Which signals a process has taken over.
private enum ProgramSignals {
    /// From the mask that Linux shows; nil where it shows none.
    static func catches(_ signal: Int32, _ processID: pid_t) -> Bool? {
        guard let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8),
            let mask = status.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/).flatMap({ UInt64($0.1, radix: 16) })
        else { return nil }
        return mask >> UInt64(signal - 1) & 1 == 1
    }
}
