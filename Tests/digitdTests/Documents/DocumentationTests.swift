import Foundation
import TestData
import Testing

@Suite("README and articles")
struct DocumentationTests {
    @Test(
        "commands print what their document claims",
        .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"),
        .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not there"), .serialized, arguments: Document.all)
    func claims(of document: Document) async throws {
        let commands = document.commands
        guard !commands.isEmpty else { return }
        let outcomes = try await DocumentRun().outcomes(of: commands.map(\.block.text))
        for (command, outcome) in zip(commands, outcomes) {
            let place = "\(document.path), line \(command.block.line)"
            guard let output = outcome.output else {
                Issue.record("\(place): the command failed, and those after it did not run: \(outcome.errors)")
                return
            }
            guard let claim = command.claim else { continue }
            #expect(comparable(output) == comparable(claim.text), "\(place): printed and claimed")
        }
    }

    private func comparable(_ text: String) -> String {
        VaryingText.replaced(in: text.replacing("\r\n", with: "\n")).trimmingCharacters(in: .newlines)
    }

    @Test("what varies is replaced, and nothing else")
    func varying() {
        let first = #"{"requestId":"2xb2ae4amf59g","created":"2026-11-23T17:45:54.029Z","secondsLeft":1.5,"trials":90}"#
        let second = #"{"requestId":"9xf56x3x6sv7n","created":"2026-11-25T05:07:43.321Z","secondsLeft":null,"trials":90}"#
        #expect(VaryingText.replaced(in: first) == VaryingText.replaced(in: second))
        #expect(VaryingText.replaced(in: first) != VaryingText.replaced(in: second.replacing("90", with: "91")))
        #expect(VaryingText.replaced(in: "svm  96.11 %   3.3 ms") == VaryingText.replaced(in: "svm  96.11 %  13.3 ms"))
        #expect(VaryingText.replaced(in: "svm  96.11 %   3.3 ms") != VaryingText.replaced(in: "svm  96.12 %   3.3 ms"))
        #expect(VaryingText.replaced(in: "7  99.43 %") == "7  99.43 %")
    }

    @Test("output is claimed only right after a command")
    func claimsFollowCommands() {
        for document in Document.all {
            for (index, block) in document.blocks.enumerated() where block.isOutput {
                let follows = index > 0 && document.blocks[index - 1].isShell
                #expect(follows, "\(document.path), line \(block.line): no block of sh comes before")
            }
        }
    }

    @Test("every command is run but those that are named here")
    func notRun() {
        var reasons: [String: [String]] = [:]
        for document in Document.all {
            for block in document.blocks { if let reason = block.reasonNotToRun { reasons[document.path, default: []].append(reason) } }
        }
        #expect(
            reasons == [
                "README.md": ["builds, and serves until it is stopped"],
                "Sources/digitd/Documentation.docc/Development.md": [
                    "builds, and runs every test", "builds, and downloads swift-docc-plugin",
                ],
                "Sources/digitd/Documentation.docc/Speed.md": ["takes half an hour and installs scikit-learn"],
            ])
    }

    @Test("relative links lead to files and headings that are there", arguments: Document.all)
    func links(of document: Document) throws {
        let folder = URL(filePath: TestData.packageRoot).appending(path: document.path).deletingLastPathComponent()
        for link in document.links where !link.contains(":") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let file = parts[0].isEmpty ? document.path : folder.appending(path: parts[0]).standardized.path
            let path = file.replacing("\(TestData.packageRoot)/", with: "")
            #expect(FileManager.default.fileExists(atPath: "\(TestData.packageRoot)/\(path)"), "\(document.path): \(link)")
            guard parts.count == 2 else { continue }
            let target = try #require(Document.all.first { $0.path == path }, "\(document.path): \(link)")
            #expect(target.headings.map(anchor).contains(String(parts[1])), "\(document.path): \(link)")
        }
    }

    /// As forges make it of a heading.
    private func anchor(_ heading: String) -> String {
        String(heading.lowercased().replacing(" ", with: "-").filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    }
}
