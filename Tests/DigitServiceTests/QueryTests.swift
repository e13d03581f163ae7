import HTTPServing
import Testing

/// One rule for the query on all routes: names are exact and decoded, and what a route does not read is refused by name.
@Suite struct QueryTests {
    @Test("no route passes over an item that it does not read")
    func unknownItems() async throws {
        let fixture = try await ExperimentFixture()
        for route in fixture.router.routes {
            let path = route.pattern.replacing("{name}", with: "svm").replacing("{version}", with: "1").replacing("{id}", with: "1")
            let answer = try await fixture.router.answer(HTTPRequest(route.method, path + "?colour=blue"))
            let problem = try answer.decoded(Problem.self)
            #expect(problem.status == 400, "\(route.method) \(route.pattern)")
            #expect(problem.type == "urn:digitd:problem:unknown-field", "\(route.method) \(route.pattern)")
            #expect(problem.detail.hasPrefix("unknown query item 'colour'; "), "\(problem.detail)")
        }
    }

    @Test(
        "the refusal names what is known and what was probably meant",
        arguments: [
            ("/predict?modell=svm", "unknown query item 'modell'; known are model, version; did you mean 'model'?"),
            ("/predict?MODEL=svm", "unknown query item 'MODEL'; known are model, version; did you mean 'model'?"),
            ("/predict?model=svm&Version=0", "unknown query item 'Version'; known are model, version; did you mean 'version'?"),
            ("/predict?model=svm&model=random-forest", "model: expected one value, found it more than once in the query"),
            ("/predict?=svm", "unknown query item ''; known are model, version"),
        ])
    func refusals(target: String, detail: String) async throws {
        let answer = try await ServiceFixture().answer(.post, target, body: Array(Ink.hexadecimal(37).utf8))
        #expect(answer.status == .badRequest)
        #expect(try answer.decoded(Problem.self).detail == detail)
    }

    @Test("a list asked for by an item that is nearly one is refused, not given whole")
    func lists() async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await fixture.get("/experiments?status=failed")
        #expect(answer.status == .badRequest)
        #expect(
            try answer.decoded(Problem.self).detail == "unknown query item 'status'; known are limit, cursor, state; did you mean 'state'?")
        let path = try await ServiceFixture().answer(.get, "/models?x")
        #expect(try path.decoded(Problem.self).detail == "unknown query item 'x'; there are none here")
    }

    @Test("over a socket names are decoded and case matters, as in memory")
    func overSocket() async throws {
        try await withServer(try ServiceFixture().router) { port in
            let body = ["-d", Ink.hexadecimal(37)]
            let forest = try await curl(body, "/predict?%6Dodel=random%2Dforest", port: port)
            #expect(forest.text.contains("\"model\":{\"name\":\"random-forest\""))
            #expect(try await curl(body, "/predict?&model=svm&", port: port).status == 200)
            for query in ["Model=random-forest", "modell=svm", "model=svm&model=svm", "%6Dodel=svm&model=svm", "=svm"] {
                #expect(try await curl(body, "/predict?\(query)", port: port).status == 400, "\(query)")
            }
            #expect(try await curl([], "/healthz?x=1", port: port).status == 400)
        }
    }
}
