import Digits
import Foundation
import HTTPServing
import JSONText
import ModelSelection
import Testing

@testable import DigitClient
@testable import digitd

@Suite(
    "digitd experiment as a process", .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"),
    .timeLimit(.minutes(10)))
struct ExperimentCommandTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private func experiment(_ arguments: String..., server: ServerAddress) throws -> ServeProcess {
        try ServeProcess(command: "experiment", arguments, environment: [ServerOptions.variable: server.description], folder: folder.path)
    }

    private static let finished = ExperimentServer.document(
        "succeeded", finished: 180, best: ExperimentServer.best, models: ExperimentServer.models)

    @Test("submit sends what the options and files say, prints id and link, and watches where it is asked to")
    func submit() async throws {
        try folder.write("search: [{classifier: gaussian-naive-bayes}, {classifier: svm, grid: {C: 1}}]", to: "grid.yaml")
        try folder.write("{\"fold\": [0, 1, 1]}", to: "folds.json")
        try await withExperimentServer({ server in
            [
                server.route(.post, "/experiments") { _, _ in ExperimentServer.json(ExperimentServer.document("queued"), status: .accepted)
                },
                .immediate(.get, "/experiments/{id}") { _ in ExperimentServer.json(Self.finished) },
            ]
        }) { server, address in
            let process = try experiment(
                "submit", "--grid", "grid.yaml", "--folds", "folds.json", "--strategy", "halving", "--seed", "3", "--priority", "-7",
                "--promote",
                "always", "--name", "first", "--dataset", "semeion", "--watch", server: address)
            #expect(try await process.exit() == 0)
            let link = "\(ExperimentServer.id) \(address)/experiments/\(ExperimentServer.id)\n"
            #expect(
                process.outputText.hasPrefix(
                    link + "\(ExperimentServer.id) succeeded\n180 of 180 trials\nbest: svm C=10 gamma=0.03, 96.11 %\n"))
            #expect(
                server.requests.map(\.body) == [
                    """
                    {"dataset":"semeion","folds":[0,1,1],"name":"first","priority":-7,"promote":"always",\
                    "search":[{"classifier":"gaussian-naive-bayes","grid":{}},{"classifier":"svm","grid":{"C":[1]}}],"seed":3,\
                    "strategy":"halving"}

                    """
                ])
            #expect(UUID(uuidString: server.requests[0].key ?? "") != nil)
        }
    }

    @Test(
        "what cannot be submitted is refused before anything is sent",
        arguments: [
            (["--preset", "quick", "--grid", "g"], 64, "expected one search"), (["--grid", "none.yaml"], 66, "none.yaml: cannot be read"),
            (["--grid", "bad.yaml"], 65, "bad.yaml: line 1"), (["--folds", "bad.yaml"], 65, "bad.yaml: "),
            (["--folds", "leave-one-out", "--folding", "blocks"], 64, "--folds is leave-one-out"),
            (["--strategy", "luck"], 64, "--strategy"),
            (["--server", "ftp://a"], 64, "'ftp://a': expected http://HOST:PORT"),
        ] as [([String], Int32, String)])
    func badSubmissions(arguments: [String], code: Int32, message: String) async throws {
        try folder.write("search: [{classifier: abacus}]", to: "bad.yaml")
        let process = try ServeProcess(
            command: "experiment", ["submit"] + arguments, environment: [ServerOptions.variable: "http://127.0.0.1:1"], folder: folder.path)
        #expect(try await process.exit() == code)
        #expect(process.errorText.contains(message), "\(process.errorText)")
        #expect(process.outputText == "")
    }

    @Test("watch ends with 1 for an experiment that was cancelled, its summary on standard output and the rest beside it")
    func watch() async throws {
        try await withExperimentServer({ server in
            [
                .immediate(.get, "/experiments/{id}/events") { _ in
                    ExperimentServer.events(ExperimentServer.state(1, "cancelled"), then: .ends)
                },
                server.route(.get, "/experiments/{id}") { _, number in
                    ExperimentServer.json(ExperimentServer.document(number == 0 ? "cancelling" : "cancelled", finished: 9))
                },
            ]
        }) { server, address in
            let process = try experiment("watch", ExperimentServer.id, server: address)
            #expect(try await process.exit() == 1)
            #expect(process.outputText == "\(ExperimentServer.id) cancelled\n9 of 180 trials\n")
            #expect(process.errorText == "\(ExperimentServer.id): semeion, 1593 rows; 18 candidates, 180 trials\ncancelled\n")
        }
    }

    @Test("Ctrl-C ends the watching with the signal's code, says that the experiment goes on, and cancels nothing")
    func interrupted() async throws {
        try await withExperimentServer({ server in
            [
                server.route(.get, "/experiments/{id}/events") { _, _ in
                    ExperimentServer.events(ExperimentServer.state(1, "running"), then: .waits)
                },
                server.route(.get, "/experiments/{id}") { _, _ in ExperimentServer.json(ExperimentServer.document("running")) },
            ]
        }) { server, address in
            let process = try experiment("watch", ExperimentServer.id, server: address)
            _ = try await process.line(containing: "running")
            process.send(signal: SIGINT)
            #expect(try await process.exit() == 130)
            #expect(
                process.errorText.hasSuffix(
                    "\ndigitd: no longer watching; the experiment goes on, and 'digitd experiment watch \(ExperimentServer.id)' comes back to it\n"
                ))
            #expect(process.outputText == "")
            // A machine that is busy for longer than the client waits for a sign of life makes it ask again; it only ever looks.
            #expect(Set(server.requests.map(\.request)) == Set(["", "/events"].map { "GET /experiments/\(ExperimentServer.id)\($0)" }))
        }
    }

    @Test("report goes to standard output or a file, as JSON, CSV or a table")
    func report() async throws {
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: random-forest, grid: {n_estimators: 3}}, {classifier: gaussian-naive-bayes}]"),
            dataset: SyntheticDigits.dataset(rowCount: 60, seed: 0), folds: .blocks(rowCount: 60, foldCount: 2), seed: 0)
        let trials = try await search.run(jobCount: 1).filter { search.space.rows[$0.candidate].candidate.classifier == .randomForest }
        let document = SearchReport(SearchResult(search: search, trials: trials), folding: .blocks, jobCount: 1, wallSeconds: 1)
        let json = try JSONWriter.text(of: document, .indented) + "\n"
        try await withExperimentServer({ server in
            [
                server.route(.get, "/experiments/{id}/report") { request, _ in
                    request.header("Accept") == "text/csv" ? .text("a,b\r\n1,2\r\n") : ExperimentServer.json(json)
                }
            ]
        }) { server, address in
            let warning = "digitd: the experiment has not finished all its trials; the report is of those that it has\n"
            let whole = try experiment("report", ExperimentServer.id, server: address)
            #expect(try await whole.exit() == 0)
            #expect(whole.outputText == json)
            #expect(whole.errorText == warning)
            let csv = try experiment("report", ExperimentServer.id.lowercased(), "--csv", "--output", "new/r.csv", server: address)
            #expect(try await csv.exit() == 0)
            #expect(csv.outputText == "wrote new/r.csv\n")
            #expect(csv.errorText == "")
            #expect(try String(contentsOfFile: "\(folder.path)/new/r.csv", encoding: .utf8) == "a,b\r\n1,2\r\n")
            let table = try experiment("report", ExperimentServer.id, "--table", server: address)
            #expect(try await table.exit() == 0)
            let lines = table.outputText.split(separator: "\n")
            #expect(lines[2].contains(/^random-forest +n_estimators=3 +\d\d\.\d\d ± \d+\.\d\d %$/))
            #expect(lines[3].contains(/^gaussian-naive-bayes +unfinished$/))
        }
    }

    @Test("list prints a table or JSON, cancel and retry the state")
    func listCancelAndRetry() async throws {
        try await withExperimentServer({ server in
            [
                .immediate(.get, "/experiments") { request in
                    guard request.query("state") == "running", request.query("limit") == "3" else { return .text("", status: .badRequest) }
                    return ExperimentServer.json("{\"experiments\":[\(ExperimentServer.document("running", finished: 45))],\"next\":null}")
                },
                server.route(.post, "/experiments/{id}/cancel") { _, _ in ExperimentServer.json(ExperimentServer.document("cancelled")) },
                server.route(.post, "/experiments/{id}/retry") { _, _ in ExperimentServer.json(ExperimentServer.document("queued")) },
            ]
        }) { server, address in
            let list = try experiment("list", "--state", "running", "--limit", "3", server: address)
            #expect(try await list.exit() == 0)
            #expect(list.outputText.hasSuffix("\n\(ExperimentServer.id)        running  25        2026-11-23T17:00:00Z\n"))
            let json = try experiment("list", "--state", "running", "--limit", "3", "--json", server: address)
            #expect(try await json.exit() == 0)
            #expect(json.outputText.hasPrefix("[\n  {\n    \"best\" : null,\n"))
            let cancel = try experiment("cancel", ExperimentServer.id, server: address)
            #expect(try await cancel.exit() == 0)
            #expect(cancel.outputText == "\(ExperimentServer.id) cancelled\n")
            let retry = try experiment("retry", ExperimentServer.id, server: address)
            #expect(try await retry.exit() == 0)
            #expect(retry.outputText == "\(ExperimentServer.id) queued\n")
            let path = "POST /experiments/\(ExperimentServer.id)"
            #expect(server.requests.map(\.request) == ["\(path)/cancel", "\(path)/retry"])
        }
    }

    @Test("a refusal and a server that is not there end with one line and a code")
    func failures() async throws {
        let (address, missing) = try await {
            let server = ExperimentServer()
            let address = try server.start([
                .immediate(.post, "/experiments/{id}/cancel") { _ in
                    ExperimentServer.problem(.notFound, "unknown-experiment", "there is no such experiment")
                }
            ])
            let missing = try experiment("cancel", ExperimentServer.id, server: address)
            #expect(try await missing.exit() == 66)
            await server.stop()
            return (address, missing)
        }()
        #expect(missing.errorText == "digitd: there is no such experiment\n")
        let nobody = try experiment("list", "--server", address.description, server: ServerAddress("http://127.0.0.1:1"))
        #expect(try await nobody.exit() == 69)
        #expect(nobody.errorText == "digitd: no server at \(address): Connection refused; 'digitd serve' starts one\n")
    }
}
