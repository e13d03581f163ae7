import Classifiers
import Digits
import Files
import Foundation
import ModelFiles
import ModelSelection
import TestData
import Testing

/// The program as it is started from a shell.
struct CommandLineTests {
    private struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The program that was built beside the tests.
    private static let executable: URL = {
        #if os(macOS)
            Bundle(for: Marker.self).bundleURL.deletingLastPathComponent().appending(path: "digitd")
        #else
            Bundle.main.bundleURL.appending(path: "digitd")
        #endif
    }()

    private final class Marker {}

    private func digitd(_ arguments: String..., input: String = "") async throws -> Result { try await digitd(arguments, input: input) }

    private func digitd(_ arguments: [String], input: String = "") async throws -> Result {
        let program = try StartedProgram(CommandLineTests.executable.path, arguments, input: Array(input.utf8))
        return Result(status: await onThread { program.waitUntilExit() }, output: program.outputText, errors: program.errorText)
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digitd-cli-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func write(_ text: String, to path: String) throws {
        try DurableFile.replace(path, with: Array(text.utf8))
    }

    private static let svm = TestData.packageRoot + "/Models/svm.json"
    private static let seven = "07f03f38e018003800300030003000771fff3e60006000600060006000600040"

    @Test("train writes a model of each classifier and a report, the same bytes for any number of jobs")
    func train() async throws {
        try await withFolder { folder in
            try write(
                "search: [{classifier: svm, grid: {C: [1, 10]}}, {classifier: random-forest, grid: {n_estimators: 5}}]",
                to: "\(folder)/grid.yaml")
            for jobs in ["1", "2"] {
                let result = try await digitd(
                    "train", "--data", "synthetic:200", "--output", "\(folder)/\(jobs)", "--grid", "\(folder)/grid.yaml", "--folds", "4",
                    "--seed", "7", "--jobs", jobs)
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.contains("synthetic: 200 rows; 3 candidates x 4 folds, \(jobs) job"))
                #expect(result.errors.isEmpty)
            }
            for name in ["svm.json", "random-forest.json"] {
                #expect(try FileBytes.read("\(folder)/1/\(name)") == FileBytes.read("\(folder)/2/\(name)"))
            }
            let models = try ModelSet(folder: "\(folder)/1")
            #expect(models.models.map(\.name) == [.randomForest, .svm])
            #expect(models.models.allSatisfy { $0.training.seed == 7 && $0.training.crossValidation.folds == 4 })
        }
    }

    @Test("a classifier that fails costs the others neither their models nor the report, and the exit code says so")
    func trainWithFailure() async throws {
        try await withFolder { folder in
            // The kernel's values overflow: (1e13 x.z)^3.
            try write(
                "search: [{classifier: svm, grid: {kernel: poly, gamma: 1.0e+13}}, {classifier: bernoulli-naive-bayes}]",
                to: "\(folder)/grid.yaml")
            let result = try await digitd(
                "train", "--data", "synthetic:200", "--output", "\(folder)/out", "--grid", "\(folder)/grid.yaml", "--folds", "4")
            #expect(result.status == 65)
            #expect(result.errors.contains("no candidate of svm could be trained"), "\(result.errors)")
            #expect(result.errors.contains("not finite"), "\(result.errors)")
            #expect(try ModelSet(folder: "\(folder)/out").models.map(\.name) == [.bernoulliNaiveBayes])
            let report = try JSONDecoder().decode(SearchReport.self, from: Data(FileBytes.read("\(folder)/out/training-report.json")))
            #expect(report.errors.count == 4)
            #expect(report.best.map(\.classifier) == [.bernoulliNaiveBayes])
        }
    }

    @Test("predict reads standard input and files in any form")
    func predict() async throws {
        let fromInput = try await digitd("predict", "--model", CommandLineTests.svm, input: CommandLineTests.seven + "\n")
        #expect(fromInput.status == 0, "\(fromInput.errors)")
        #expect(fromInput.output.hasPrefix("7  "))
        try await withFolder { folder in
            try write(CommandLineTests.seven, to: "\(folder)/hex")
            try write(#"{"bitmaps":["\#(CommandLineTests.seven)","\#(CommandLineTests.seven)"]}"#, to: "\(folder)/json")
            let fromFiles = try await digitd("predict", "--model", CommandLineTests.svm, "\(folder)/hex", "\(folder)/json")
            let names = fromFiles.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
            #expect(names == ["\(folder)/hex:", "\(folder)/json[0]:", "\(folder)/json[1]:"])
        }
        let lines = "\(CommandLineTests.seven)\n\n\(String(repeating: "0", count: 64))\n"
        let fromLines = try await digitd("predict", "--model", CommandLineTests.svm, input: lines)
        #expect(fromLines.status == 0, "\(fromLines.errors)")
        #expect(
            fromLines.output.split(separator: "\n").map { $0.prefix(6) } == ["-:1: 7", "-:3: \(fromLines.output.suffix(11).prefix(1))"])
        let torn = try await digitd("predict", "--model", CommandLineTests.svm, input: lines + "07f")
        #expect(torn.status == 65)
        #expect(torn.errors.hasPrefix("digitd: standard input: line 4: expected 64 hexadecimal digits"), "\(torn.errors)")
        let inRows = String(repeating: String(repeating: "01", count: 8) + "\n", count: 16)
        #expect(try await digitd("predict", "--model", CommandLineTests.svm, input: inRows).output.split(separator: "\n").count == 1)
        let json = try await digitd("predict", "--json", "--model", CommandLineTests.svm, input: CommandLineTests.seven)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["digit"] as? Int == 7)
        #expect((object["probabilities"] as? [Double])?.count == 10)
    }

    @Test("evaluate measures a model on a data set, and warns of its own training rows")
    func evaluate() async throws {
        try await withFolder { folder in
            try write("search: [{classifier: random-forest, grid: {n_estimators: 20}}]", to: "\(folder)/grid.yaml")
            let trained = try await digitd(
                "train", "--data", "synthetic:150", "--output", folder, "--grid", "\(folder)/grid.yaml", "--folds", "3")
            #expect(trained.status == 0, "\(trained.errors)")
            let text = try await digitd("evaluate", "--model", "\(folder)/random-forest.json", "--data", "synthetic:150")
            #expect(text.output.contains("These are the rows that it was trained on"))
            let json = try await digitd("evaluate", "--json", "--model", "\(folder)/random-forest.json", "--data", "synthetic:300")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let matrix = try #require(object["confusion_matrix"] as? [[Int]])
            #expect(matrix.flatMap { $0 }.reduce(0, +) == 300)
            #expect(object["correct"] as? Int == (0..<10).reduce(0) { $0 + matrix[$1][$1] })
        }
    }

    @Test("data sets are made, converted there and back, and described the same")
    func datasets() async throws {
        try await withFolder { folder in
            #expect(try await digitd("dataset", "synthesize", "\(folder)/a.csv", "--rows", "30", "--seed", "2").status == 0)
            #expect(try await digitd("dataset", "convert", "\(folder)/a.csv", "\(folder)/b.bin").status == 0)
            #expect(try await digitd("dataset", "convert", "\(folder)/b.bin", "\(folder)/c.data").status == 0)
            let original = try DigitDataset(contentsOfFile: "\(folder)/a.csv")
            #expect(try DigitDataset(contentsOfFile: "\(folder)/c.data").sha256 == original.sha256)
            let info = try await digitd("dataset", "info", "\(folder)/b.bin")
            #expect(info.output.hasPrefix("b: 30 rows\nSHA-256 \(original.sha256)\n"))
            let drawn = try await digitd("dataset", "render", "\(folder)/a.csv", "--row", "3")
            #expect(drawn.output.hasPrefix("row 3: 3\n"))
        }
    }

    @Test("what is wrong ends with one message on standard error and a code of sysexits.h, never a trace")
    func failures() async throws {
        try await withFolder { folder in
            try write("0 1 2\n", to: "\(folder)/bad.data")
            try write("search: [{classifier: svm, grid: {C: [-1]}}]", to: "\(folder)/bad.yaml")
            try write(#"search: [{classifier: svm, grid: {C: ["1"]}}]"#, to: "\(folder)/text.yaml")
            try write("{}", to: "\(folder)/bad.json")
            try write("a file", to: "\(folder)/file")
            // As long as two packed bitmaps.
            let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 56)
            try Data(picture).write(to: URL(filePath: "\(folder)/picture"))
            let cases: [([String], Int32, String)] = [
                (["train", "--data", "\(folder)/none.data", "--output", folder], 66, "cannot be read: No such file or directory"),
                (["train", "--data", "\(folder)/bad.data", "--output", folder], 65, "bad.data: "),
                (
                    ["train", "--data", "synthetic:60", "--output", folder, "--grid", "\(folder)/bad.yaml"], 65,
                    "bad.yaml: line 1, column 38: svm: parameter 'C' is -1"
                ),
                (["train", "--data", "synthetic:200", "--output", "\(folder)/file"], 73, "file: cannot be written: Not a directory"),
                (["train", "--data", "synthetic:60", "--output", folder, "--folds", "1"], 65, "expected at least 2 folds, found 1"),
                (["train", "--data", "synthetic:60", "--output", folder, "--folds", "7"], 65, "expected at least 7 rows of digit 0"),
                (["train", "--data", "synthetic:none", "--output", folder], 64, "expected a number of rows"),
                (["train", "--data", "synthetic:60", "--output", folder, "--jobs", "0"], 64, "--jobs is 0; expected 1 or more"),
                (["train", "--data", "synthetic:60"], 64, "--output"),
                (["train", "--data", "synthetic:60", "--output", folder, "--seed", "-1"], 64, "The value '-1' is invalid for '--seed"),
                (["train", "--data", "synthetic:60", "--output", folder, "--jobs", "-1"], 64, "--jobs is -1; expected 1 or more"),
                (["dataset", "render", "synthetic:10", "--row", "-1"], 64, "--row is -1; expected 0 to 9"),
                (["dataset", "synthesize", "\(folder)/n.csv", "--rows", "-1"], 64, "--rows is -1; expected 1 or more"),
                (["experiment", "submit", "--candidates", "-1", "--server", "http://127.0.0.1:1"], 69, "no server at"),
                (
                    ["train", "--data", "synthetic:60", "--output", folder, "--grid", "\(folder)/text.yaml"], 65,
                    "svm: parameter 'C' is the text '1'; expected a number"
                ),
                (["dataset", "info", "\(folder)/\u{202E}b.csv"], 66, #"/\u{202E}b.csv: cannot be read"#),
                (["predict", "--model", "\(folder)/bad.json"], 65, "bad.json: not a whole model document"),
                (["predict", "--model", CommandLineTests.svm, "\(folder)/file"], 65, "file: expected"),
                (
                    ["predict", "--model", CommandLineTests.svm, "\(folder)/picture"], 65,
                    "picture: expected packed bitmaps of 32 bytes each, found a PNG file"
                ),
                (["dataset", "convert", "synthetic:10", "\(folder)/x.txt"], 64, "expected a file name that ends in"),
                (["dataset", "render", "synthetic:10", "--row", "10"], 64, "--row is 10; expected 0 to 9"),
                (["evaluate", "--model", CommandLineTests.svm, "--data", "\(folder)/bad.data"], 65, "bad.data: "),
            ]
            for (arguments, status, message) in cases {
                let result = try await digitd(arguments)
                #expect(result.status == status, "\(arguments): \(result.errors)")
                #expect(result.errors.contains(message), "\(arguments): \(result.errors)")
                #expect(!result.errors.contains("Fatal error"))
            }
        }
    }
}
