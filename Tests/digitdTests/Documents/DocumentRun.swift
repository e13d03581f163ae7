import Foundation
import Subprocess
import SystemPackage
import TestData

/// One run of a document's commands, in order, in one shell, with a server of their own: in a folder that looks like the top of a built
/// repository. What commands write stays there and goes with the run.
struct DocumentRun {
    /// What became of one block.
    struct Outcome {
        /// What it printed on standard output; nil where an earlier block failed.
        let output: String?
        let errors: String
    }

    private static let standardAddress = "127.0.0.1:8080"
    private static let patienceSeconds = 600

    private let folder: ServeTestFolder
    private let server: ServeProcess
    private let address: String

    /// Makes the folder and starts the server.
    init() async throws {
        folder = try ServeTestFolder()
        guard let executable = ServeProcess.executable else { throw ServeProcess.Failure(reason: "digitd is not built") }
        try DocumentRun.link(into: folder.path, executable: executable)
        server = try ServeProcess(
            [
                "--port", "0", "--log-format", "json", "--log-access", "none", "--workers", "2",
                // Busy neighbours must not starve workers, and a sanitizer reserves more than any limit allows.
                "--no-worker-idle", "--worker-memory-bytes", "0",
            ], folder: folder.path)
        address = "127.0.0.1:\(try await server.port())"
    }

    /// Links all that the repository brings along, but for the folders into which commands write.
    private static func link(into folder: String, executable: String) throws {
        let files = FileManager.default
        func link(_ name: String, to target: String) throws {
            try files.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
        for name in ["Models", "Package.swift", "Sources", "Tests", "config", "scripts"] {
            try link(name, to: "\(TestData.packageRoot)/\(name)")
        }
        for path in ["data", ".build/release"] {
            try files.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        try link(".build/release/digitd", to: executable)
        if let semeion = TestData.semeionPath { try link("data/semeion.data", to: semeion) }
    }

    /// Runs the blocks up to the first that fails.
    func outcomes(of blocks: [String]) async throws -> [Outcome] {
        let names = blocks.indices.map { "block-\($0)" }
        for (name, block) in zip(names, blocks) {
            try folder.write(block.replacing(DocumentRun.standardAddress, with: address), to: "\(name).sh")
        }
        // One shell for all, because a variable that one block sets is good in the next.
        let script = """
            set -euo pipefail
            for document_block in "$@"; do
                source "$document_block.sh" > "$document_block.output" 2> "$document_block.errors"
                touch "$document_block.done"
            done
            """
        _ = try await run(
            .path("/usr/bin/timeout"), arguments: Arguments(["\(DocumentRun.patienceSeconds)", "bash", "-c", script, "bash"] + names),
            environment: .inherit.updating(["DIGITD_SERVER": "http://\(address)"]), workingDirectory: FilePath(folder.path),
            output: .discarded)
        return names.map { name in
            Outcome(
                output: FileManager.default.fileExists(atPath: "\(folder.path)/\(name).done") ? text(of: "\(name).output") : nil,
                errors: text(of: "\(name).errors"))
        }
    }

    private func text(of name: String) -> String {
        let data = FileManager.default.contents(atPath: "\(folder.path)/\(name)") ?? Data()
        return String(decoding: data, as: UTF8.self).replacing(address, with: DocumentRun.standardAddress)
    }
}
