import HTTPServing
import Testing

@Suite struct NegotiationTests {
    private func answer(_ accept: String?) async throws -> Answer {
        try await ServiceFixture().predict(Array(Ink.hexadecimal(37).utf8), accept: accept)
    }

    @Test(
        "text is answered where it is preferred to JSON",
        arguments: [
            "text/plain", "TEXT/Plain", "text/plain; charset=utf-8", "text/*", "text/plain;q=0.5", "text/plain, application/json;q=0.9",
            "application/json;q=0.999,text/plain", "text/plain;q=1.000 , */*;q=0.1", "*/*;q=0.1,text/*;q=0.2", "text/html, text/plain",
            "application/json;q=0, */*", "text/plain;version=1;q=0.2, application/json;Q=0.1", "*/*, application/*;q=0.9",
            ", text/plain ,,", "text/plain;q=0.002, application/json;q=0.001",
        ])
    func text(accept: String) async throws {
        let answer = try await answer(accept)
        #expect(answer.text == "7\n")
        #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
    }

    @Test(
        "JSON is answered where text is not preferred to it",
        arguments: [
            nil, "", "*/*", "*/*;q=0.3", "application/json", "application/json, text/plain", "text/plain, application/json",
            "application/json, text/plain, */*", "text/plain;q=0.5, application/json", "text/plain;q=0.5, */*", "text/plain;q=0",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/plain;q=0.1, application/*;q=0.2", "image/png",
            "text/*;q=0.9, application/json", "text/plain;q=0, text/*", "text/plai", "text/plainer", "text", "text/*, text/plain;q=0",
            "text/plain, application/json;q=1.0", "text/plain, application/json;q=2", "text/plain, application/json;q=", ";", ",",
            "*/*;q=0.9, text/*;q=0.1, application/json;q=0.5", "text/plain;q=1.001, application/json",
        ])
    func json(accept: String?) async throws {
        let answer = try await answer(accept)
        #expect(answer.text.hasPrefix("{\"digit\":7,"))
        #expect(answer.headers["Content-Type"] == "application/json")
    }

    @Test("text has a line for every bitmap of a batch, with the digits of the JSON answer")
    func batch() async throws {
        let fixture = try ServiceFixture()
        let bitmaps = ServiceFixture.dataset.bitmaps.prefix(20)
        var packed: [UInt8] = []
        for bitmap in bitmaps { bitmap.appendPacked(to: &packed) }
        let text = try await fixture.predict(packed, type: "application/octet-stream", accept: "text/plain", query: "?model=random-forest")
            .text
        let json = try await fixture.predict(packed, type: "application/octet-stream", query: "?model=random-forest").decoded(
            ManyPredictions.self)
        #expect(json.predictions.count == 20)
        #expect(text == json.predictions.map { "\($0.digit)\n" }.joined())
    }

    @Test("a refusal is a problem in JSON, also to a client that prefers text")
    func refusal() async throws {
        let answer = try await ServiceFixture().predict([], accept: "text/plain")
        #expect(answer.status == .badRequest)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
    }
}
