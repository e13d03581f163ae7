import HTTPServing
import Testing

@Suite struct ProblemTests {
    struct Case: CustomTestStringConvertible {
        let type: String?
        let body: [UInt8]
        let detail: String
        var testDescription: String { detail }

        init(_ type: String?, _ body: String, _ detail: String) { self.init(type, Array(body.utf8), detail) }
        init(_ type: String?, _ body: [UInt8], _ detail: String) { (self.type, self.body, self.detail) = (type, body, detail) }
    }

    private static let hexadecimal = Ink.hexadecimal(37)

    static let malformed = [
        Case(nil, "", "expected a digit, found nothing"),
        Case("text/plain", " \r\n", "expected a digit, found nothing"),
        Case("text/plain", String(hexadecimal.dropLast()), "expected 64 hexadecimal digits, found 63"),
        Case("text/plain", hexadecimal + "0", "expected 64 hexadecimal digits, found 65"),
        Case(
            "text/plain", hexadecimal.prefix(10) + "g" + hexadecimal.dropFirst(11),
            "expected a hexadecimal digit at line 1, column 11, found 'g'"),
        Case("text/plain", "é" + hexadecimal.dropFirst(2), "expected a hexadecimal digit at line 1, column 1, found 'é'"),
        Case(
            "text/plain", String(repeating: "01", count: 127) + "0",
            "expected 64 hexadecimal digits, or 256 pixels, 0 or 1, found 255"),
        Case(
            "text/plain", Ink.semeionRow(37).replacing("1.0000", with: "0.5000", maxReplacements: 1),
            "expected 0 or 1 at line 1, column 1, found '0.5000'"),
        Case(
            "text/plain", Ink.semeionRow(37, indicators: false) + "1",
            "expected 256 values, or 266 with the indicators of a Semeion row, found 257"),
        Case("application/json", "", "expected a digit, found nothing"),
        Case("application/json", "hello", "not JSON: expected a value at line 1, column 1, found 'h'"),
        Case("application/json", "{\"bitmap\":\n", "not JSON: expected a value at line 2, column 1, found the end"),
        Case("application/json", "[1]", "expected an object at line 1, column 1, found an array"),
        Case("application/json", "{}", "expected the field bitmap, bitmaps or pixels, found none of that name"),
        Case(
            "application/json", "{\"bitmap\":7}", "bitmap: expected a string of 64 hexadecimal digits at line 1, column 11, found a number"),
        Case("application/json", "{\"bitmap\":\"ff\"}", "bitmap: expected 64 hexadecimal digits, found 2"),
        Case("application/json", "{\"bitmaps\":[]}", "bitmaps: expected at least one bitmap, found none"),
        Case("application/json", "{\"bitmaps\":[\"\(hexadecimal)\",\"ff\"]}", "bitmaps[1]: expected 64 hexadecimal digits, found 2"),
        Case("application/json", "{\"pixels\":[0,1]}", "pixels: expected 256 pixels, 0 or 1, found 2"),
        Case("application/json", "{\"pixels\":[0,2]}", "pixels[1]: expected 0 or 1 at line 1, column 14, found '2'"),
        Case(
            "application/json", "{\"bitmap\":\"\(hexadecimal)\",\"bitmaps\":[]}", "expected only one field, found bitmap and bitmaps"),
        Case("application/octet-stream", [], "expected at least one bitmap, found none"),
        Case("application/octet-stream", [UInt8](repeating: 0, count: 33), "expected a multiple of 32 bytes, found 33"),
        Case("image/x-portable-bitmap", "P4\n8 8\n", "expected a portable bitmap of 16 x 16 pixels, found 8 x 8"),
        Case("image/x-portable-bitmap", "P5 16 16", "not a portable bitmap: expected P1 or P4 and white space at line 1, column 1"),
    ]

    @Test("a body that holds no digit is 400 with what was expected, what was found and where", arguments: malformed)
    func malformedDigits(malformed: Case) async throws {
        let answer = try await ServiceFixture().predict(malformed.body, type: malformed.type)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .badRequest)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        #expect(problem.type == "urn:digitd:problem:malformed-digits")
        #expect(problem.title == "The body holds no digit")
        #expect(problem.status == 400)
        #expect(problem.detail == malformed.detail)
    }

    @Test(
        "another content type is 415, which lists the types",
        arguments: ["image/png", "text/html; charset=utf-8", "multipart/form-data", "text/plain2", "plain", "application/jso"])
    func unsupportedMediaType(type: String) async throws {
        let answer = try await ServiceFixture().predict(Array(ProblemTests.hexadecimal.utf8), type: type)
        let problem = try answer.decoded(Problem.self)
        let found = type.prefix { $0 != ";" }
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.headers["Accept"] == "text/plain, application/json, application/octet-stream, image/x-portable-bitmap")
        #expect(problem.type == "urn:digitd:problem:unsupported-media-type")
        #expect(problem.status == 415)
        #expect(
            problem.detail
                == "expected a body of type text/plain, application/json, application/octet-stream or image/x-portable-bitmap, "
                + "or of no type said, found '\(found)'")
    }

    @Test(
        "an unknown model is 404, which lists the models", arguments: [("?model=oracle", "oracle"), ("?model=", ""), ("?model=SVM", "SVM")])
    func unknownModel(query: String, found: String) async throws {
        let answer = try await ServiceFixture().predict(Array(ProblemTests.hexadecimal.utf8), query: query)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .notFound)
        #expect(problem.type == "urn:digitd:problem:unknown-model")
        #expect(problem.title == "Unknown model")
        #expect(problem.detail == "expected a model named random-forest or svm, found '\(found)'")
    }

    @Test("a problem carries the id of its request, and its text is JSON whatever was sent")
    func requestID() async throws {
        let fixture = try ServiceFixture()
        let request = HTTPRequest(.post, "/predict?model=%22%5C%0A%E2%82%AC", body: [49])
        let id = request.id.description
        let answer = try await fixture.answer(request)
        let problem = try answer.decoded(Problem.self)
        #expect(problem.requestId == id)
        #expect(problem.detail == "expected a model named random-forest or svm, found '\"\\\n€'")
        #expect(answer.body.last == UInt8(ascii: "\n"))
    }

    @Test(
        "a path that is not there is 404, a broken one 400",
        arguments: [
            ("/nothing", 404, "not-found", "Not Found", "there is nothing at this path"),
            ("/predict/", 404, "not-found", "Not Found", "there is nothing at this path"),
            ("/models/%zz", 400, "bad-request", "Bad Request", "the path has a percent escape that is malformed or no text"),
        ])
    func refusedPath(path: String, status: Int, name: String, title: String, detail: String) async throws {
        let answer = try await ServiceFixture().answer(.get, path)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == HTTPStatus(status))
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        #expect(
            problem
                == Problem(
                    type: "urn:digitd:problem:\(name)", title: title, status: status, detail: detail, requestId: problem.requestId))
        #expect(problem.requestId.count == 13)
    }

    @Test(
        "a wrong method is 405 with the methods of the path",
        arguments: [
            (HTTPMethod.get, "/predict", "POST, OPTIONS"), (.head, "/predict", "POST, OPTIONS"), (.put, "/predict", "POST, OPTIONS"),
            (.post, "/", "GET, HEAD, OPTIONS"), (.delete, "/models/svm", "GET, HEAD, OPTIONS"), (.post, "/models", "GET, HEAD, OPTIONS"),
            (.patch, "/models/svm/report", "GET, HEAD, OPTIONS"), (.other, "/healthz", "GET, HEAD, OPTIONS"),
        ])
    func methodNotAllowed(method: HTTPMethod, path: String, allow: String) async throws {
        let answer = try await ServiceFixture().answer(method, path)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .methodNotAllowed)
        #expect(answer.headers["Allow"] == allow)
        #expect(problem.type == "urn:digitd:problem:method-not-allowed")
        #expect(problem.detail == "this path answers \(allow)")
    }
}
