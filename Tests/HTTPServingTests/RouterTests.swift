import HTTPServing
import Testing

@Suite struct RouterTests {
    private func router() throws -> Router {
        try Router(routes: [
            .immediate(.get, "/") { _ in .text("root") },
            .immediate(.get, "/models") { _ in .text("list") },
            .immediate(.get, "/models/{name}") { .text("model \($0.parameter("name"))") },
            .immediate(.get, "/models/newest") { _ in .text("newest") },
            .deferred(.get, "/models/{name}/versions/{version}") { .text("\($0.parameter("name")) at \($0.parameter("version"))") },
            .immediate(.post, "/models/newest/activate") { _ in .text("activated") },
            .immediate(.put, "/datasets/{name}") { HTTPResponse(status: .created, body: .bytes($0.body)) },
            .immediate(.delete, "/datasets/{name}") { _ in HTTPResponse(status: .noContent) },
        ])
    }

    private func answer(_ method: HTTPMethod, _ target: String, body: [UInt8] = []) async throws -> (status: HTTPStatus, text: String) {
        let response = try await router().respond(to: HTTPRequest(method, target, body: body))
        return (response.status, String(decoding: try await response.collectBody(), as: UTF8.self))
    }

    @Test(
        "literals, parameters and the root lead to their handlers",
        arguments: [
            ("/", "root"), ("/models", "list"), ("/models/svm", "model svm"), ("/models/newest", "newest"),
            ("/models/svm/versions/3", "svm at 3"), ("/models/newest/versions/3", "newest at 3"), ("/models/svm?a=b", "model svm"),
            ("http://example.org/models/svm", "model svm"), ("/m%6fdels/svm", "model svm"), ("/models/a%2Fb", "model a/b"),
            ("/models/%C3%A9", "model \u{e9}"),
        ])
    func finds(target: String, text: String) async throws {
        let answered = try await answer(.get, target)
        #expect(answered.status == .ok)
        #expect(answered.text == text)
    }

    @Test(
        "a path that no route has is 404", arguments: ["/model", "/models/", "/models//versions/1", "//", "/models/svm/versions", "x", ""])
    func missing(target: String) async throws {
        #expect(try await answer(.get, target).status == .notFound)
    }

    @Test(
        "a path with an escape that is broken or no text is 400",
        arguments: ["/models/%", "/models/%4", "/models/%zz", "/models/%00", "/models/%ff"])
    func malformed(target: String) async throws {
        #expect(try await answer(.get, target).status == .badRequest)
    }

    @Test("a known path with another method is 405 with its methods in Allow")
    func wrongMethod() async throws {
        let response = try await router().respond(to: HTTPRequest(.get, "/datasets/a"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers["allow"] == "PUT, DELETE, OPTIONS")
        let unknown = try await router().respond(to: HTTPRequest(.other, "/models"))
        #expect(unknown.status == .methodNotAllowed)
        #expect(unknown.headers["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("OPTIONS tells the methods of a path, and of the server for *")
    func options() async throws {
        let response = try await router().respond(to: HTTPRequest(.options, "/models/x"))
        #expect(response.status == .noContent)
        #expect(response.headers["Allow"] == "GET, HEAD, OPTIONS")
        let server = try await router().respond(to: HTTPRequest(.options, "*"))
        #expect(server.status == .noContent)
        #expect(server.headers["Allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
    }

    @Test("HEAD goes where GET goes")
    func head() async throws {
        let response = try await router().respond(to: HTTPRequest(.head, "/models"))
        #expect(response.status == .ok)
        #expect(response.contentLength == 4)
    }

    @Test("a deferred route is not answered at once")
    func immediately() throws {
        let router = try router()
        #expect(router.respondImmediately(to: HTTPRequest(.get, "/models/a/versions/1")) == nil)
        #expect(router.respondImmediately(to: HTTPRequest(.get, "/models")) != nil)
    }

    @Test("a request in memory tells its body, header fields and query")
    func requestInMemory() async throws {
        let router = try Router(routes: [
            .immediate(.post, "/x") { request in
                let length = request.withHeader("content-TYPE") { $0.count } ?? -1
                let parts = [
                    request.header("Content-type") ?? "none", String(length), request.header("Accept") ?? "none",
                    request.query("a") ?? "none", request.query("b") ?? "none", request.query("c") ?? "none", request.path,
                    String(decoding: request.body, as: UTF8.self), request.remoteAddress,
                ]
                return .text(parts.joined(separator: "|"))
            }
        ])
        let response = await router.respond(
            to: HTTPRequest(.post, "/x?a=1+2%2B3&b&a=4", headers: ["Content-Type": "text/plain"], body: Array("hi".utf8)))
        #expect(String(decoding: try await response.collectBody(), as: UTF8.self) == "text/plain|10|none|1 2+3||none|/x|hi|127.0.0.1")
    }

    @Test(
        "patterns that cannot be matched are refused by name",
        arguments: [
            "", "models", "/a/", "/a//b", "/{}", "/{a}/{a}", "/a{b}", "/a%20b", "/a?b",
        ])
    func malformedPattern(pattern: String) {
        #expect {
            try Router(routes: [.immediate(.get, pattern) { _ in .text("") }])
        } throws: { error in
            guard case .malformedPattern(pattern, _) = error as? HTTPServingError else { return false }
            return true
        }
    }

    @Test("two routes for the same requests are refused")
    func duplicates() {
        #expect(throws: HTTPServingError.duplicateRoute(method: .get, pattern: "/a/{b}")) {
            try Router(routes: [.immediate(.get, "/a/{b}") { _ in .text("") }, .immediate(.get, "/a/{b}") { _ in .text("") }])
        }
        #expect(throws: HTTPServingError.self) {
            try Router(routes: [.immediate(.get, "/a/{b}") { _ in .text("") }, .immediate(.put, "/a/{c}") { _ in .text("") }])
        }
    }

    @Test("the embedding service words refusals; status and Allow stay the transport's")
    func errorResponder() async throws {
        let router = try Router(
            routes: [.immediate(.get, "/a") { _ in .text("") }],
            errorResponder: { failure in
                HTTPResponse(headers: ["Content-Type": "application/problem+json"], body: .bytes(Array("\(failure.status)".utf8)))
            })
        let missing = await router.respond(to: HTTPRequest(.get, "/b"))
        #expect(missing.status == .notFound)
        #expect(missing.headers["Content-Type"] == "application/problem+json")
        #expect(try await missing.collectBody() == Array("404".utf8))
        let wrong = await router.respond(to: HTTPRequest(.post, "/a"))
        #expect(wrong.headers["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("request ids are thirteen characters and never the same twice")
    func requestIDs() {
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let id = HTTPRequest(.get, "/").id
            #expect(id.description.utf8.count == 13)
            seen.insert(id.description)
        }
        #expect(seen.count == 1000)
    }

    @Test("a streamed body is collected whole")
    func collectedStream() async throws {
        let response = HTTPResponse(
            body: .stream(
                HTTPBodyStream { writer in
                    try await writer.write("one ")
                    try await writer.write("two")
                }))
        #expect(try await response.collectBody() == Array("one two".utf8))
    }
}
