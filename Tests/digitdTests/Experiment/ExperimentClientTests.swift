import Classifiers
import DigitAPI
import Experiments
import Foundation
import HTTPServing
import JSONText
import ModelSelection
import TestData
import Testing

@testable import DigitClient
@testable import digitd

@Suite(.timeLimit(.minutes(5))) struct ExperimentClientTests {
    private let id = ExperimentID(ExperimentServer.id)!

    @Test("an experiment is submitted as it was put together, with a key of its own")
    func submit() async throws {
        try await withExperimentServer({ server in
            [server.route(.post, "/experiments") { _, _ in ExperimentServer.json(ExperimentServer.document("queued"), status: .accepted) }]
        }) { server, address in
            let space = try SearchSpace(yaml: "search: [{classifier: svm, grid: {C: [0.5, 10], gamma: auto}}]")
            let request = NewExperiment(
                name: "a\"b", dataset: "semeion",
                search: space.entries.map { NewExperiment.Entry(classifier: $0.classifier, grid: $0.grid) }, strategy: .random,
                candidates: 1,
                folds: .rows([0, 1, 0]), seed: .max, priority: -5, promote: .ifBetter)
            let experiment = try await onThread { try ExperimentClient(server: address).submit(request, key: "k-1") }
            #expect(experiment.id == id)
            #expect(experiment.state == .queued)
            #expect(server.requests.map(\.request) == ["POST /experiments"])
            #expect(server.requests.map(\.key) == ["k-1"])
            #expect(
                server.requests.map(\.body) == [
                    """
                    {"candidates":1,"dataset":"semeion","folds":[0,1,0],"name":"a\\"b","priority":-5,"promote":"if-better",\
                    "search":[{"classifier":"svm","grid":{"C":[0.5,10],"gamma":["auto"]}}],"seed":18446744073709551615,"strategy":"random"}

                    """
                ])
        }
    }

    @Test("folds go as a number, a word or an array, and what is not said stays unsaid")
    func folds() throws {
        func text(_ request: NewExperiment) throws -> String { try JSONWriter.text(of: request) + "\n" }
        #expect(try text(NewExperiment()) == "{}\n")
        #expect(
            try text(NewExperiment(preset: "paper", folds: .count(5), folding: .blocks))
                == #"{"folding":"blocks","folds":5,"preset":"paper"}"# + "\n")
        #expect(try text(NewExperiment(folds: .leaveOneOut)) == #"{"folds":"leave-one-out"}"# + "\n")
    }

    @Test("a submission whose answer is cut off is sent once more, with the same key")
    func resubmit() async throws {
        try await withExperimentServer({ server in
            [
                server.route(.post, "/experiments") { _, number in
                    let document = ExperimentServer.document("queued")
                    return number == 0
                        ? ExperimentServer.torn(String(document.prefix(40)), status: .accepted)
                        : ExperimentServer.json(document, status: .accepted)
                }
            ]
        }) { server, address in
            let experiment = try await onThread { try ExperimentClient(server: address).submit(NewExperiment(seed: 1), key: "k-2") }
            #expect(experiment.id == id)
            #expect(server.requests.map(\.key) == ["k-2", "k-2"])
            #expect(server.requests.map(\.body) == ["{\"seed\":1}\n", "{\"seed\":1}\n"])
        }
    }

    @Test("a submission that is cut off twice is given up")
    func resubmitOnce() async throws {
        try await withExperimentServer({ server in
            [server.route(.post, "/experiments") { _, _ in ExperimentServer.torn("{") }]
        }) { server, address in
            await #expect(throws: HTTPClientError.connectionBroken(reason: "the server closed it before its answer was whole")) {
                try await onThread { try ExperimentClient(server: address).submit(NewExperiment(), key: "k") }
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test(
        "a refusal is the server's sentence, with when to try again, and an exit code",
        arguments: [
            (
                ExperimentServer.problem(429, "queue-full", "the queue is full: 100 experiments", retryAfter: "7"),
                "the queue is full: 100 experiments; try again in 7 s", 75
            ),
            (ExperimentServer.problem(404, "unknown-dataset", "no data set 'x'"), "no data set 'x'", 66),
            (ExperimentServer.problem(400, "malformed-experiment", "seed: found \\u001b[2J"), #"seed: found \u{1B}[2J"#, 65),
            (ExperimentServer.problem(503, "experiments-off", "no room"), "no room", 69),
            (ExperimentServer.problem(403, "foreign-origin", "not from here"), "not from here", 77),
        ] as [(HTTPResponse, String, Int32)])
    func problems(response: HTTPResponse, message: String, code: Int32) async throws {
        try await withExperimentServer({ server in
            [server.route(.post, "/experiments") { _, _ in response }]
        }) { server, address in
            let problem = await #expect(throws: ServerProblem.self) {
                try await onThread { try ExperimentClient(server: address).submit(NewExperiment(), key: "k") }
            }
            let failure = try #require(problem.flatMap { CommandFailure($0) })
            #expect(failure.message == message)
            #expect(failure.status.rawValue == code)
            #expect(server.requests.count == 1)
        }
    }

    @Test("an answer of some other server is not taken for digitd's")
    func otherServers() async throws {
        try await withExperimentServer({ server in
            [
                .immediate(.get, "/experiments/{id}") { _ in .text("<html>", status: .internalServerError) },
                .immediate(.post, "/experiments/{id}/cancel") { _ in ExperimentServer.json("{\"id\":\"\(ExperimentServer.id)\"}") },
                .immediate(.get, "/experiments/{id}/report") { _ in HTTPResponse(status: 302, headers: ["Location": "http://elsewhere"]) },
            ]
        }) { server, address in
            let client = ExperimentClient(server: address)
            let other = await #expect(throws: ServerProblem.self) { try await onThread { try client.experiment(id) } }
            #expect(
                other.flatMap { CommandFailure($0) }?.message
                    == "\(address) answered 500 Internal Server Error, and not as a digitd server does")
            await #expect(throws: HTTPClientError.malformedAnswer("the field 'name' is missing")) {
                try await onThread { try client.cancel(id) }
            }
            await #expect(throws: ServerProblem.self) { try await onThread { try client.report(id, form: .csv) } }
        }
    }

    @Test("nothing listening is told as such")
    func notThere() async throws {
        let server = ExperimentServer()
        let address = try server.start([])
        await server.stop()
        let error = await #expect(throws: HTTPClientError.self) {
            try await onThread { try ExperimentClient(server: address).experiment(id) }
        }
        #expect(error == .notReachable(address, reason: "Connection refused"))
        let failure = try #require(error.flatMap { CommandFailure($0) })
        #expect(failure.message == "no server at \(address): Connection refused; 'digitd serve' starts one")
        #expect(failure.status.rawValue == 69)
    }

    @Test("a server that says nothing is given up after the time that was set")
    func silent() async throws {
        try await withExperimentServer({ server in
            [.immediate(.get, "/experiments/{id}") { _ in ExperimentServer.events("{", then: .waits) }]
        }) { server, address in
            let client = ExperimentClient(server: address, timeouts: HTTPExchange.Timeouts(idleSeconds: 0.2))
            await #expect(throws: HTTPClientError.connectionBroken(reason: "nothing for 1 s")) {
                try await onThread { try client.experiment(id) }
            }
        }
    }

    /// Pages of at most two of five experiments, the position of the next one as the cursor.
    private func pages(_ server: ExperimentServer) -> [Route] {
        [
            .immediate(.get, "/experiments") { request in
                server.record(request)
                let letters = Array("ABCDE")
                let first = request.query("cursor").flatMap { Int($0) } ?? 0
                let last = min(letters.count, first + 2)
                let documents = letters[first..<last].map { letter in
                    ExperimentServer.document("failed", id: String(ExperimentServer.id.dropLast()) + String(letter), finished: 45)
                }
                let next = last == letters.count ? "null" : "\"/experiments?cursor=\(last)&limit=\(request.query("limit") ?? "")\""
                return ExperimentServer.json("{\"experiments\":[\(documents.joined(separator: ","))],\"next\":\(next)}")
            }
        ]
    }

    @Test("a list is followed from page to page, and no further than was asked", arguments: [(1, 1, 1), (2, 2, 1), (3, 3, 2), (100, 5, 3)])
    func list(limit: Int, found: Int, requestCount: Int) async throws {
        try await withExperimentServer(pages) { server, address in
            let experiments = try await onThread {
                try ExperimentClient(server: address).experiments(ExperimentDescription.self, state: .failed, limit: limit)
            }
            #expect(experiments.map { $0.id.description.last } == Array("ABCDE".prefix(found)))
            #expect(server.requests.count == requestCount)
        }
    }

    @Test("a list as JSON keeps what this program does not know")
    func listAsJSON() async throws {
        try await withExperimentServer(pages) { server, address in
            let values = try await onThread { try ExperimentClient(server: address).experiments(JSONValue.self, state: nil, limit: 1) }
            let text = try JSONWriter.text(of: values, .indented) + "\n"
            #expect(text.contains("\"seed\" : 18446744073709551615"))
            let document = ExperimentServer.document("failed", id: String(ExperimentServer.id.dropLast()) + "A", finished: 45)
            let found = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [NSDictionary]
            let expected = try #require(try JSONSerialization.jsonObject(with: Data(document.utf8)) as? NSDictionary)
            #expect(found == [expected])
        }
    }

    @Test("a next page that is no path of this server is not asked for")
    func foreignPage() async throws {
        try await withExperimentServer({ server in
            [
                .immediate(.get, "/experiments") { _ in
                    ExperimentServer.json("{\"experiments\":[\(ExperimentServer.document("queued"))],\"next\":\"http://x/\"}")
                }
            ]
        }) { server, address in
            await #expect(throws: HTTPClientError.malformedAnswer("'http://x/' is not the path of a request")) {
                try await onThread { try ExperimentClient(server: address).experiments(ExperimentDescription.self, state: nil, limit: 2) }
            }
        }
    }

    @Test("a report comes in the form that was asked for, byte by byte")
    func report() async throws {
        let csv = "classifier,mean_test_score\r\nsvm,0.96\r\n" + String(repeating: "x", count: 300_000)
        try await withExperimentServer({ server in
            [
                server.route(.get, "/experiments/{id}/report") { request, _ in
                    request.header("Accept") == "text/csv" ? .text(csv) : ExperimentServer.json("{\"complete\":true}")
                }
            ]
        }) { server, address in
            let client = ExperimentClient(server: address)
            let csvReport = try await onThread { try client.report(id, form: .csv) }
            #expect(csvReport == Array(csv.utf8))
            let jsonReport = try await onThread { try client.report(id, form: .json) }
            #expect(jsonReport == Array("{\"complete\":true}".utf8))
            #expect(server.requests.map(\.request) == Array(repeating: "GET /experiments/\(ExperimentServer.id)/report", count: 2))
        }
    }

    @Test("cancelling gives what the experiment is then, or the server's reason why not")
    func cancel() async throws {
        try await withExperimentServer({ server in
            [
                server.route(.post, "/experiments/{id}/cancel") { _, number in
                    number == 0
                        ? ExperimentServer.json(ExperimentServer.document("cancelling"), status: .accepted)
                        : ExperimentServer.problem(.conflict, "finished", "it has succeeded")
                }
            ]
        }) { server, address in
            let client = ExperimentClient(server: address)
            let experiment = try await onThread { try client.cancel(id) }
            #expect(experiment.state == .cancelling)
            let problem = await #expect(throws: ServerProblem.self) { try await onThread { try client.cancel(id) } }
            #expect(problem.flatMap { CommandFailure($0) } == CommandFailure("it has succeeded", status: .dataError))
        }
    }

    @Test("every wait ends with its task")
    func cancelled() async throws {
        let task = Task { try ClientSocket.pause(seconds: 3600) }
        task.cancel()
        await #expect(throws: HTTPClientError.cancelled) { try await task.value }
    }
}
