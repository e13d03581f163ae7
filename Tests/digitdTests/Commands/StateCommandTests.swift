import DigitAPI
import Digits
import Foundation
import Testing

@testable import Experiments
@testable import digitd

@Suite("digitd state", .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"), .timeLimit(.minutes(10)))
struct StateCommandTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private func ran(
        _ arguments: String..., environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: String, errors: String) {
        let process = try ServeProcess(command: "state", arguments, environment: environment, folder: folder.path)
        let status = try await process.exit()
        return (status, process.outputText, process.errorText)
    }

    @Test("a backup of the folder of a server that runs an experiment is whole, and another server goes on from there")
    func whileServing() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(#"{"preset": "tuned", "dataset": "synthetic"}"#)
        let before = try await server.document(id) { $0.progress.finishedTrialCount > 0 }
        let backup = try await ran("backup", "backups/monday")
        #expect(backup.output == "wrote backups/monday: 1 experiment, 0 model versions, 0 data sets\n", "\(backup.errors)")
        #expect(backup.status == 0)
        let verification = try await ran("verify", "--state", "backups/monday")
        #expect(verification.output == "backups/monday is whole: 1 experiment, 0 model versions, 0 data sets\n", "\(verification.errors)")
        #expect(verification.status == 0)
        let other = try await ExperimentServeProcess(folder: folder, stateFolder: "\(folder.path)/backups/monday")
        let restored = try other.document(id).progress.finishedTrialCount
        #expect(restored >= before.progress.finishedTrialCount)
        let after = try await other.document(id) { $0.progress.finishedTrialCount > restored || $0.state.isFinished }
        #expect(after.failure == nil)
    }

    @Test("each fault is a line, with the code for bad data; a folder that holds anything, or no database, is refused")
    func faults() async throws {
        let state = "\(folder.path)/state"
        let rows = SyntheticDigits.dataset(rowCount: 40, seed: 5)
        do {
            let store = try ExperimentStore(folder: StateFolder(path: state))
            let library = DatasetLibrary(store: store, semeionPath: "/nowhere")
            _ = try library.put(rows.encoded(as: .packed), format: .packed, as: try #require(DatasetName("mine")))
            try store.close()
        }
        #expect(try await ran("verify").output == "state is whole: 0 experiments, 0 model versions, 1 data set\n")
        try folder.write("torn", to: "state/datasets/\(rows.sha256).bin")
        let fault = "datasets/\(rows.sha256).bin: expected the rows of SHA-256 \(rows.sha256), found others\n"
        let verification = try await ran("verify", environment: ["DIGITD_STATE": state])
        #expect(verification.output == "\(state)/\(fault)")
        #expect(verification.errors == "digitd: \(state): found 1 fault\n")
        #expect(verification.status == 65)
        let backup = try await ran("backup", "copy")
        #expect(backup.output == "copy/\(fault)")
        #expect(backup.status == 65)
        let again = try await ran("backup", "copy")
        #expect(again.errors == "digitd: copy: expected an empty folder, or none, for a backup; found datasets\n")
        #expect(again.status == 73)
        let nothing = try await ran("verify", "--state", "nothing")
        #expect(nothing.errors.contains("there is no nothing/digitd.sqlite"))
        #expect(nothing.status != 0)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/nothing"))
    }
}
