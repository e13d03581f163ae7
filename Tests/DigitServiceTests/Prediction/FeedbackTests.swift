import DigitAPI
import Digits
import HTTPServing
import Testing

@testable import Experiments

/// `/feedback`.
@Suite struct FeedbackTests {
    private func post(
        _ fixture: ExperimentFixture, _ body: [UInt8], type: String? = nil, query: String = ""
    ) async throws -> Answer {
        try await fixture.router.answer(
            HTTPRequest(.post, "/feedback" + query, headers: type.map { ["Content-Type": $0] } ?? [:], body: body))
    }

    struct Form: CustomTestStringConvertible {
        let name: String
        let type: String?
        let query: String
        let body: [UInt8]
        /// Ink pixels and digit of each bitmap.
        let expected: [(ink: Int, digit: UInt8)]
        var testDescription: String { name }

        init(_ name: String, _ type: String?, query: String = "", _ body: [UInt8], _ expected: [(Int, UInt8)]) {
            (self.name, self.type, self.query, self.body) = (name, type, query, body)
            self.expected = expected.map { ($0, $1) }
        }
    }

    private static func json(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let forms = [
        Form("bitmap", "application/json", json("{\"bitmap\":\"\(Ink.hexadecimal(37))\",\"digit\":7}"), [(37, 7)]),
        Form("the digit first", "application/json", json("{\"digit\": 0, \"bitmap\":\"\(Ink.hexadecimal(37))\"}"), [(37, 0)]),
        Form("curl's own type", "application/x-www-form-urlencoded", json("{\"bitmap\":\"\(Ink.hexadecimal(5))\",\"digit\":9}"), [(5, 9)]),
        Form("pixels", "application/json", json("{\"pixels\":\(Ink.flatPixels(12)),\"digit\":1}"), [(12, 1)]),
        Form("pixels in rows", nil, json("{\"pixels\":\(Ink.nestedPixels(12)),\"digit\":1}"), [(12, 1)]),
        Form(
            "bitmaps", "application/json",
            json("{\"bitmaps\":[\"\(Ink.hexadecimal(3))\",\"\(Ink.hexadecimal(4))\"],\"digits\":[5,6]}"), [(3, 5), (4, 6)]),
        Form("packed", "application/octet-stream", query: "?digit=8", Ink.packed(3) + Ink.packed(9), [(3, 8), (9, 8)]),
        Form("hexadecimal digits", nil, query: "?digit=2", Array(Ink.hexadecimal(3).utf8), [(3, 2)]),
        Form("a Semeion row, whose own indicators do not count", "text/plain", query: "?digit=4", Array(Ink.semeionRow(3).utf8), [(3, 4)]),
        Form("P4", "image/x-portable-bitmap", query: "?digit=4", PortableBitmap.packed(Ink.bitmap(3)), [(3, 4)]),
    ]

    @Test("corrected digits are kept, in each form", arguments: forms)
    func kept(form: Form) async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await post(fixture, form.body, type: form.type, query: form.query)
        #expect(answer.status == .created)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text == "{\"accepted\":\(form.expected.count),\"total\":\(form.expected.count)}\n")
        let feedback = try fixture.store.feedback()
        #expect(feedback.bitmaps == form.expected.map { Ink.bitmap($0.ink) })
        #expect(feedback.digits == form.expected.map(\.digit))
    }

    @Test("feedback adds up, also where it comes twice, and is rows of the next experiment that asks for it")
    func total() async throws {
        let fixture = try await ExperimentFixture()
        let body = Array("{\"bitmap\":\"\(Ink.hexadecimal(37))\",\"digit\":7}".utf8)
        #expect(try await post(fixture, body).text == "{\"accepted\":1,\"total\":1}\n")
        #expect(try await post(fixture, body).text == "{\"accepted\":1,\"total\":2}\n")
        let request = ExperimentFixture.request.replacing("\"small\"", with: "\"small+feedback\"")
        let answer = try await fixture.answer(.post, "/experiments", body: request)
        #expect(answer.text.contains("\"dataset\":{\"name\":\"small+feedback\",\"rows\":42,"))
        #expect(try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request).text.contains("\"rows\":40,"))
    }

    struct Refusal: CustomStringConvertible {
        let type: String?
        let query: String
        let body: [UInt8]
        let detail: String
        var description: String { detail }

        init(_ type: String?, query: String = "", _ body: String, _ detail: String) {
            (self.type, self.query, self.body, self.detail) = (type, query, Array(body.utf8), detail)
        }
    }

    private static let bitmap = "\"bitmap\":\"\(Ink.hexadecimal(37))\""
    private static let bitmaps = "\"bitmaps\":[\"\(Ink.hexadecimal(3))\",\"\(Ink.hexadecimal(4))\"]"
    private static let type = "application/json"
    private static let octets = "application/octet-stream"

    static let refusals = [
        Refusal(nil, query: "?digit=1", "", "expected a digit, found nothing"),
        Refusal(type, "{\(bitmap),\"digit\":10}", "digit: expected a digit from 0 to 9, found 10"),
        Refusal(type, "{\(bitmap),\"digit\":-1}", "digit: expected a digit from 0 to 9, found -1"),
        Refusal(type, "{\(bitmap),\"digit\":7.0}", "digit: expected a digit from 0 to 9, found 7.0"),
        Refusal(type, "{\"digit\":\"7\",\(bitmap)}", "digit: expected a digit from 0 to 9 at line 1, column 10, found a string"),
        Refusal(type, "{\(bitmap)}", "expected the field digit, found none of that name"),
        Refusal(type, "{\(bitmap),\"digits\":[7]}", "expected the field digit, found none of that name"),
        Refusal(type, "{\(bitmaps),\"digit\":7}", "expected the field digits, found none of that name"),
        Refusal(type, "{\(bitmaps),\"digits\":[7]}", "expected one label a bitmap, found 2 bitmaps and 1 labels"),
        Refusal(type, "{\(bitmaps),\"digits\":[7,8,9]}", "expected one label a bitmap, found 2 bitmaps and 3 labels"),
        Refusal(type, "{\(bitmaps),\"digits\":[7,10]}", "digits: expected a digit from 0 to 9, found 10"),
        Refusal(type, "{\(bitmap),\"digit\":7,\"digits\":[7]}", "expected only one field, found digit and digits"),
        Refusal(
            type, "{\(bitmap),\"digit\":7,\"replace\":\"true\"}",
            "replace: expected true or false at line 1, column 98, found a string"),
        Refusal(type, "{\(bitmap),\"digit\":7,\"replace\":true,\"replace\":false}", "expected only one field, found replace twice"),
        Refusal(
            type, "{\"bitmaps\":[\"\(Ink.hexadecimal(3))\",\"\(Ink.hexadecimal(4))\",\"\(Ink.hexadecimal(3))\"],\"digits\":[7,7,3]}",
            "expected one digit a bitmap, found 7 for bitmaps[0] and 3 for bitmaps[2], which are the same"),
        Refusal(
            type, "{\"bitmaps\":[\"\(Ink.hexadecimal(3))\",\"\(Ink.hexadecimal(3))\"],\"digits\":[7,3],\"replace\":true}",
            "expected one digit a bitmap, found 7 for bitmaps[0] and 3 for bitmaps[1], which are the same"),
        Refusal(type, "{\"digit\":7}", "expected the field bitmap, bitmaps or pixels, found none of that name"),
        Refusal(type, "{\"bitmap\":\"ff\",\"digit\":7}", "bitmap: expected 64 hexadecimal digits, found 2"),
        Refusal("text/plain", Ink.hexadecimal(3), "expected the field ?digit=, found none of that name"),
        Refusal("text/plain", query: "?digit=10", Ink.hexadecimal(3), "digit: expected a digit from 0 to 9, found '10'"),
        Refusal("text/plain", query: "?digit=", Ink.hexadecimal(3), "digit: expected a digit from 0 to 9, found ''"),
        Refusal("text/plain", query: "?digit=seven", Ink.hexadecimal(3), "digit: expected a digit from 0 to 9, found 'seven'"),
        Refusal("text/plain", query: "?digit=7", "ff", "expected 64 hexadecimal digits, found 2"),
    ]

    @Test("what is no bitmap with a digit is refused with what is wrong, and nothing is stored")
    func refused() async throws {
        let fixture = try await ExperimentFixture()
        for refusal in FeedbackTests.refusals {
            let answer = try await post(fixture, refusal.body, type: refusal.type, query: refusal.query)
            #expect(answer.status == .badRequest, "\(refusal)")
            let problem = try answer.decoded(Problem.self)
            #expect(problem.type == "urn:digitd:problem:malformed-digits", "\(refusal)")
            #expect(problem.detail == refusal.detail)
            #expect(try fixture.store.feedback().digits.isEmpty, "\(refusal)")
        }
    }

    @Test("a field that is none is refused by name, and so is an item of the query beside JSON, which says the digit itself")
    func unknownFields() async throws {
        let fixture = try await ExperimentFixture()
        let field = try await post(fixture, Array("{\(FeedbackTests.bitmap),\"digit\":7,\"diget\":8}".utf8))
        #expect(field.status == .badRequest)
        #expect(try field.decoded(Problem.self).type == "urn:digitd:problem:unknown-field")
        #expect(
            try field.decoded(Problem.self).detail
                == "expected the fields bitmap, bitmaps, digit, digits, pixels and replace and no other, found 'diget'; did you mean 'digit'?"
        )
        let item = try await post(fixture, Array("{\(FeedbackTests.bitmap),\"digit\":7}".utf8), query: "?replace=true")
        #expect(item.status == .badRequest)
        #expect(try item.decoded(Problem.self).detail == "replace: expected it in the body, which is JSON, found it in the query")
        #expect(try fixture.store.feedback().digits.isEmpty)
    }

    @Test("packed bitmaps need their type")
    func untyped() async throws {
        let fixture = try await ExperimentFixture()
        #expect(try await post(fixture, Ink.packed(1), query: "?digit=1").status == .unsupportedMediaType)
        #expect(try fixture.store.feedback().digits.isEmpty)
    }

    @Test("more bitmaps than the batch limit are 413, and none is kept")
    func batchLimit() async throws {
        let fixture = try await ExperimentFixture()
        let four = try await post(fixture, (0..<4).flatMap(Ink.packed), type: FeedbackTests.octets, query: "?digit=1")
        #expect(four.status == .contentTooLarge)
        #expect(try four.decoded(Problem.self).type == "urn:digitd:problem:too-many-bitmaps")
        #expect(try four.decoded(Problem.self).detail == "expected at most 3 bitmaps, found 4")
        let list = (0..<4).map { "\"\(Ink.hexadecimal($0))\"" }.joined(separator: ",")
        let json = try await post(fixture, Array("{\"bitmaps\":[\(list)],\"digits\":[0,1,2,3]}".utf8))
        #expect(json.status == .contentTooLarge)
        #expect(try fixture.store.feedback().digits.isEmpty)
        #expect(try await post(fixture, (0..<3).flatMap(Ink.packed), type: FeedbackTests.octets, query: "?digit=1").status == .created)
    }

    @Test("another content type is 415")
    func unsupportedMediaType() async throws {
        let answer = try await post(try await ExperimentFixture(), Ink.packed(1), type: "image/png", query: "?digit=1")
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.headers["Accept"] == "text/plain, application/json, application/octet-stream, image/x-portable-bitmap")
    }

    @Test("past its bound no more feedback is kept, all or none of a request")
    func full() async throws {
        var limits = ExperimentStore.Limits()
        limits.feedbackCount = 3
        let fixture = try await ExperimentFixture(limits: limits)
        #expect(try await post(fixture, Ink.packed(1) + Ink.packed(2), type: FeedbackTests.octets, query: "?digit=1").status == .created)
        let answer = try await post(fixture, Ink.packed(3) + Ink.packed(4), type: FeedbackTests.octets, query: "?digit=1")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == 507)
        #expect(problem.type == "urn:digitd:problem:feedback-full")
        #expect(problem.detail == "3 digits of feedback are kept; expected no more than that")
        #expect(try fixture.store.feedback().bitmaps == [Ink.bitmap(1), Ink.bitmap(2)])
        #expect(
            try await post(fixture, Ink.packed(3), type: FeedbackTests.octets, query: "?digit=1").text == "{\"accepted\":1,\"total\":3}\n")
    }

    // MARK: Contradictions

    @Test("a bitmap that has another digit already is refused with the earlier one named, and nothing of the request is kept")
    func contradiction() async throws {
        let fixture = try await ExperimentFixture()
        _ = try await post(fixture, Ink.packed(1) + Ink.packed(2), type: FeedbackTests.octets, query: "?digit=7")
        let answer = try await post(fixture, Ink.packed(5) + Ink.packed(2), type: FeedbackTests.octets, query: "?digit=3")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .conflict)
        #expect(problem.type == "urn:digitd:problem:contradictory-feedback")
        #expect(
            problem.detail
                == "\(Ink.hexadecimal(2)) is a 7 by feedback 2; expected the same digit or \"replace\": true, found 3")
        let feedback = try fixture.store.feedback()
        #expect(feedback.bitmaps == [Ink.bitmap(1), Ink.bitmap(2)])
        #expect(feedback.digits == [7, 7])
        // The same digit again contradicts nothing, and what was refused is as good as never said.
        #expect(
            try await post(fixture, Ink.packed(2), type: FeedbackTests.octets, query: "?digit=7").text == "{\"accepted\":1,\"total\":3}\n")
        #expect(
            try await post(fixture, Ink.packed(5), type: FeedbackTests.octets, query: "?digit=4").text == "{\"accepted\":1,\"total\":4}\n")
    }

    @Test("what is said to replace takes the place of the digits that contradict it, however often they were given")
    func replacement() async throws {
        let fixture = try await ExperimentFixture()
        let sevens = Ink.packed(1) + Ink.packed(2) + Ink.packed(2)
        _ = try await post(fixture, sevens, type: FeedbackTests.octets, query: "?digit=7")
        func json(_ replace: String) -> [UInt8] {
            Array("{\"bitmap\":\"\(Ink.hexadecimal(2))\",\"digit\":3,\"replace\":\(replace)}".utf8)
        }
        #expect(try await post(fixture, json("false")).status == .conflict)
        #expect(try await post(fixture, json("true")).text == "{\"accepted\":1,\"total\":2}\n")
        #expect(try fixture.store.feedback().bitmaps == [Ink.bitmap(1), Ink.bitmap(2)])
        #expect(try fixture.store.feedback().digits == [7, 3])
        #expect(try await post(fixture, Ink.packed(2), type: FeedbackTests.octets, query: "?digit=9&replace=false").status == .conflict)
        #expect(try await post(fixture, Ink.packed(2), type: FeedbackTests.octets, query: "?digit=9&replace=true").status == .created)
        #expect(try fixture.store.feedback().digits == [7, 9])
    }

    @Test("whether to replace is true or false in the query", arguments: ["", "1", "True", "yes"])
    func malformedReplacement(text: String) async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await post(fixture, Ink.packed(2), type: FeedbackTests.octets, query: "?digit=9&replace=\(text)")
        #expect(answer.status == .badRequest)
        #expect(try answer.decoded(Problem.self).detail == "replace: expected true or false, found '\(text)'")
        #expect(try fixture.store.feedback().digits.isEmpty)
    }

    @Test("a full store has room for what replaces as much as it adds")
    func replacementInFullStore() async throws {
        var limits = ExperimentStore.Limits()
        limits.feedbackCount = 2
        let fixture = try await ExperimentFixture(limits: limits)
        _ = try await post(fixture, Ink.packed(1) + Ink.packed(2), type: FeedbackTests.octets, query: "?digit=7")
        #expect(
            try await post(fixture, Ink.packed(1), type: FeedbackTests.octets, query: "?digit=3&replace=true").text
                == "{\"accepted\":1,\"total\":2}\n")
        #expect(
            try await post(fixture, Ink.packed(1) + Ink.packed(3), type: FeedbackTests.octets, query: "?digit=4&replace=true").status == 507
        )
        #expect(try fixture.store.feedback().digits == [7, 3])
    }

    // MARK: Looking at it, and taking it back

    @Test("feedback is listed newest first, in pages that lead to each other")
    func list() async throws {
        let fixture = try await ExperimentFixture(clock: { Timestamp(milliseconds: 1_780_142_400_123) })
        #expect(try await fixture.get("/feedback").text == "{\"feedback\":[],\"next\":null}\n")
        for digit in 1...3 { _ = try await post(fixture, Ink.packed(digit), type: FeedbackTests.octets, query: "?digit=\(digit)") }
        #expect(
            try await fixture.get("/feedback?limit=1").text == """
                {"feedback":[{"bitmap":"\(Ink.hexadecimal(3))","digit":3,"id":3,"time":"2026-05-30T12:00:00.123Z"}],\
                "next":"/feedback?cursor=3&limit=1"}

                """)
        let first = try await fixture.get("/feedback?limit=2").decoded(FeedbackList.self)
        #expect(first.feedback.map(\.id) == [3, 2])
        // What comes in between pages shifts none of them.
        _ = try await post(fixture, Ink.packed(4), type: FeedbackTests.octets, query: "?digit=4")
        let last = try await fixture.get(try #require(first.next)).decoded(FeedbackList.self)
        #expect(last.feedback.map(\.id) == [1])
        #expect(last.feedback.map(\.bitmap) == [Ink.hexadecimal(1)])
        #expect(last.next == nil)
        #expect(try await fixture.get("/feedback?limit=4").decoded(FeedbackList.self).next == nil)
    }

    @Test(
        "a page that cannot be is refused",
        arguments: [
            ("limit=0", "limit: expected a whole number from 1 to 100, found '0'"),
            ("limit=101", "limit: expected a whole number from 1 to 100, found '101'"),
            ("cursor=-1", "cursor: expected the cursor of an earlier answer, found '-1'"),
            ("cursor=x", "cursor: expected the cursor of an earlier answer, found 'x'"),
        ])
    func malformedPage(query: String, detail: String) async throws {
        let answer = try await (try await ExperimentFixture()).get("/feedback?" + query)
        #expect(answer.status == .badRequest)
        #expect(try answer.decoded(Problem.self).detail == detail)
    }

    @Test("feedback that is taken back is in no data set, and its number is not used again")
    func deletion() async throws {
        let fixture = try await ExperimentFixture()
        _ = try await post(fixture, Ink.packed(1) + Ink.packed(2), type: FeedbackTests.octets, query: "?digit=7")
        #expect(try await fixture.get("/datasets/small+feedback").text.contains("\"rows\":42,"))
        let answer = try await fixture.answer(.delete, "/feedback/2")
        #expect(answer.status == .noContent)
        #expect(answer.body.isEmpty)
        #expect(try fixture.store.feedback().bitmaps == [Ink.bitmap(1)])
        #expect(try await fixture.get("/datasets/small+feedback").text.contains("\"rows\":41,"))
        // It contradicts nothing any more.
        #expect(try await post(fixture, Ink.packed(2), type: FeedbackTests.octets, query: "?digit=3").status == .created)
        #expect(try await fixture.get("/feedback").decoded(FeedbackList.self).feedback.map(\.id) == [3, 1])
    }

    @Test(
        "what is no number of feedback, or none that there is, is 404",
        arguments: ["2", "0", "-1", "+1", "01", "x", "99999999999999999999"])
    func unknown(id: String) async throws {
        let fixture = try await ExperimentFixture()
        _ = try await post(fixture, Ink.packed(1), type: FeedbackTests.octets, query: "?digit=7")
        let answer = try await fixture.answer(.delete, "/feedback/" + id)
        #expect(answer.status == .notFound)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:unknown-feedback")
        #expect(try answer.decoded(Problem.self).detail == "there is no feedback '\(id)'")
        #expect(try fixture.store.feedback().digits == [7])
    }
}
