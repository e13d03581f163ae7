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

    @Test("numbers within keys are sorted by their size, in either layout and at every depth")
    func numberedKeys() throws {
        let columns = Dictionary(
            uniqueKeysWithValues: ["split10_b", "split2_b", "split2_a", "mean", "split0_b", "std"].map { ($0, [1]) })
        #expect(
            try JSONWriter.text(of: ["x\"2,{": [columns], "x\"10": []])
                == #"{"x\"2,{":[{"mean":[1],"split0_b":[1],"split2_a":[1],"split2_b":[1],"split10_b":[1],"std":[1]}],"x\"10":[]}"#
        )
        #expect(
            try JSONWriter.text(of: ["a10": ["b9": 1, "b11": 2], "a9": [:]], .indented) == """
                {
                  "a9" : {

                  },
                  "a10" : {
                    "b9" : 1,
                    "b11" : 2
                  }
                }
                """)
        // Leading zeros count only between keys that are equal otherwise; past any integer's size digits still do.
        let digits = String(repeating: "9", count: 40)
        let keys = ["a\(digits)8", "a\(digits)", "a2", "a02", "a002b", "a2b", "a", "a1"]
        let text = try JSONWriter.text(of: Dictionary(uniqueKeysWithValues: keys.map { ($0, 0) }))
        #expect(
            text == #"{"a":0,"a1":0,"a02":0,"a2":0,"a002b":0,"a2b":0,"a\#(digits)":0,"a\#(digits)8":0}"#)
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
