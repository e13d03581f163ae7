import JSONText
import Testing

struct JSONWriterTests {
    private struct Example: Encodable {
        var b = 1.5
        @ExplicitNull var a: Int?
    }

    @Test("keys are sorted, and what is not there is null where that was asked for")
    func sorted() throws {
        #expect(try JSONWriter.text(of: Example()) == #"{"a":null,"b":1.5}"#)
        #expect(try JSONWriter.line(of: Example(), .indented) == Array("{\n  \"a\" : null,\n  \"b\" : 1.5\n}\n".utf8))
    }

    @Test("a number that is not finite is refused with its place")
    func notFinite() {
        #expect(throws: JSONTextError.unencodable(reason: "b is inf")) { try JSONWriter.text(of: Example(b: .infinity)) }
    }

    @Test("a quoted text cannot steer a terminal")
    func quoted() {
        #expect(JSONWriter.quoted("a\"\\\n\u{1B}[2J\u{9B}\u{7F}é") == #""a\"\\\n\u001b[2J\u009b\u007fé""#)
    }
}
