import HTTPServing
import ModelSelection
import Testing

@Suite struct OperationsTests {
    @Test("the service is alive and ready from the beginning; told to stop, it is alive and not ready, and still answers")
    func readiness() async throws {
        let fixture = try ServiceFixture()
        #expect(try await fixture.answer(.get, "/healthz").text == "ok\n")
        #expect(try await fixture.answer(.get, "/readyz").text == "ready\n")
        fixture.readiness.withdraw()
        #expect(try await fixture.answer(.get, "/healthz").status == .ok)
        let answer = try await fixture.answer(.get, "/readyz")
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.headers["Retry-After"] == "1")
        let problem = try answer.decoded(Problem.self)
        #expect(problem.type == "urn:digitd:problem:not-ready")
        #expect(problem.detail == "the server is about to stop")
        #expect(try await fixture.predict(Ink.packed(7), type: "application/octet-stream", accept: "text/plain").text == "7\n")
    }

    @Test("the front page names every path and gives an example that this host answers")
    func index() async throws {
        let fixture = try ServiceFixture()
        let answer = try await fixture.answer(.get, "/", headers: ["Host": "digits.example:8080"])
        #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(answer.text.hasPrefix("digitd \(DigitdVersion.current): "))
        for route in fixture.router.routes where route.pattern != "/" {
            // What can be done with one experiment stands behind it, in its line.
            let pattern = route.pattern.replacing("{version}", with: "{v}")
            let parts =
                pattern.hasPrefix("/experiments/{id}/")
                ? ["/experiments/{id}", pattern.suffix(from: pattern.lastIndex(of: "/")!)] : [pattern[...]]
            #expect(answer.text.split(separator: "\n").contains { line in parts.allSatisfy { line.contains($0) } }, "\(route.pattern)")
        }
        let example = try #require(answer.text.split(separator: "\n").first { $0.contains("curl") }).split(separator: " ")
        #expect(example.last == "http://digits.example:8080/predict")
        #expect(try await fixture.predict(Array(example[2].utf8), type: "application/x-www-form-urlencoded").status == .ok)
    }

    @Test("only a host that is an address is repeated", arguments: [nil, "", "evil; rm -rf /", "a<b>", "a\"b", "a/b"])
    func strangeHost(host: String?) async throws {
        var headers: HTTPHeaders = [:]
        if let host { headers.add("Host", host) }
        let answer = try await ServiceFixture().answer(.get, "/", headers: headers)
        #expect(answer.text.contains(" http://HOST:PORT/predict\n"))
    }

    @Test("HEAD is answered as GET is", arguments: ["/", "/models", "/models/svm", "/models/svm/report", "/healthz", "/readyz"])
    func head(path: String) async throws {
        let fixture = try ServiceFixture()
        let get = try await fixture.answer(.get, path)
        let head = await fixture.router.respond(to: HTTPRequest(.head, path))
        #expect(head.status == .ok)
        #expect(head.contentLength == get.body.count)
        #expect(head.headers["Content-Type"] == get.headers["Content-Type"])
    }

    @Test("HEAD of what is not there is 404", arguments: ["/nothing", "/models/oracle"])
    func headOfNothing(path: String) async throws {
        #expect(try await ServiceFixture().answer(.head, path).status == .notFound)
    }

    @Test(
        "OPTIONS lists the methods of a path",
        arguments: [("/predict", "POST, OPTIONS"), ("/models", "GET, HEAD, OPTIONS"), ("/models/svm/report", "GET, HEAD, OPTIONS")])
    func options(path: String, allow: String) async throws {
        let answer = try await ServiceFixture().answer(.options, path)
        #expect(answer.status == .noContent)
        #expect(answer.headers["Allow"] == allow)
        #expect(answer.body == [])
    }

    @Test("what needs no disk is answered on the connection's own thread, and nothing else is but short predictions")
    func immediate() throws {
        let immediate = try ServiceFixture().router.routes.filter { if case .immediate = $0.handler { true } else { false } }
        #expect(
            immediate.map { "\($0.method.rawValue) \($0.pattern)" }.sorted() == [
                "GET /", "GET /healthz", "GET /models", "GET /models/default", "GET /models/{name}", "GET /readyz",
            ])
    }
}
