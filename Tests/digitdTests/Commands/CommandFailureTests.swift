import ArgumentParser
import Classifiers
import Digits
import Files
import HTTPServing
import ModelFiles
import ModelSelection
import Testing

@testable import digitd

struct CommandFailureTests {
    @Test("every error has its exit code of sysexits.h and keeps its words")
    func codes() throws {
        let cases: [(any Error, Int32, String)] = [
            (DigitsError.inFile("a.csv", .noRows), 65, "a.csv: expected a data set, found no rows"),
            (DigitsError.file(.unreadable(file: "a.csv", reason: "gone")), 66, "a.csv: cannot be read: gone"),
            (FileError.unwritable(file: "out", reason: "full"), 73, "out: cannot be written: full"),
            (ModelFileError.noModels(folder: "Models"), 66, "Models: no model documents (*.json of format digitd-model)"),
            (
                ModelFileError.unsupportedVersion(file: "m", found: 2, supported: 1), 65,
                "m: format version 2; this digitd reads version 1"
            ),
            (SearchError.emptySearch, 65, "the search has no candidates; expected at least one classifier with its grid"),
            (SearchError.cancelled, 75, "the search was cancelled"),
            (TrainingError.tooFewClasses(found: 1), 65, "the training rows show 1 digit; at least 2 are needed"),
            (
                HTTPServingError.cannotListen(host: "127.0.0.1", port: 80, reason: "Permission denied"), 69,
                "cannot listen on 127.0.0.1 port 80: Permission denied"
            ),
        ]
        for (error, code, message) in cases {
            let failure = try #require(CommandFailure(error))
            #expect(failure.status == ExitCode(code))
            #expect(failure.message == message)
        }
    }

    @Test("what is not ours is left to the parser")
    func others() {
        #expect(CommandFailure(ValidationError("no")) == nil)
        #expect(CommandFailure(CancellationError()) == nil)
    }
}
