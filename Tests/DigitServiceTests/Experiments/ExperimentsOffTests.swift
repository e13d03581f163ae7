import HTTPServing
import Testing

/// A server whose database cannot be used.
@Suite struct ExperimentsOffTests {
    @Test("without a database every route that needs it says so and why")
    func off() async throws {
        let fixture = try ServiceFixture()
        let worksWithout = ["GET /models/{name}/report", "GET /models/{name}/versions/{version}"]
        var asked: [String] = []
        for route in fixture.router.routes {
            guard case .deferred = route.handler, !worksWithout.contains("\(route.method.rawValue) \(route.pattern)") else { continue }
            let target = route.pattern.replacing("/feedback/{id}", with: "/feedback/1").replacing(
                "{id}", with: "01ARZ3NDEKTSV4RRFFQ69G5FAV"
            ).replacing("{name}", with: "svm")
                .replacing("{version}", with: "0")
            let body = route.pattern == "/feedback" ? "{\"bitmap\":\"\(Ink.hexadecimal(3))\",\"digit\":7}" : ""
            let answer = try await fixture.answer(route.method, target, body: Array(body.utf8))
            let problem = try answer.decoded(Problem.self)
            #expect(answer.status == .serviceUnavailable, "\(target)")
            #expect(answer.headers["Content-Type"] == "application/problem+json")
            #expect(problem.type == "urn:digitd:problem:experiments-off")
            #expect(problem.title == "Experiments are off")
            #expect(problem.detail == "predictions are served, experiments are not: state/digitd.sqlite: damaged: page 3 is torn")
            asked.append("\(route.method.rawValue) \(route.pattern)")
        }
        #expect(
            asked.sorted() == [
                "DELETE /datasets/{name}", "DELETE /experiments/{id}", "DELETE /feedback/{id}", "GET /datasets", "GET /datasets/{name}",
                "GET /experiments", "GET /experiments/{id}", "GET /experiments/{id}/events", "GET /experiments/{id}/report",
                "GET /feedback", "GET /models/audit", "POST /experiments", "POST /experiments/{id}/cancel", "POST /experiments/{id}/retry",
                "POST /feedback",
                "POST /models/{name}/versions/{version}/activate", "POST /models/{name}/withdraw", "PUT /datasets/{name}",
                "PUT /models/default",
            ])
    }

    @Test("without a database the models that digitd brings along serve, with their reports")
    func models() async throws {
        let fixture = try ServiceFixture()
        #expect(try await fixture.predict(Ink.packed(7), type: "application/octet-stream", accept: "text/plain").text == "7\n")
        for path in ["/models", "/models/svm", "/models/svm/versions/0", "/models/random-forest/report", "/healthz", "/readyz", "/"] {
            #expect(try await fixture.answer(.get, path).status == .ok, "\(path)")
        }
    }
}
