import Foundation
import JSONText
import Testing

struct JSONValueTests {
    private static func value(_ text: String) throws(JSONTextError) -> JSONValue { try JSONValue(Array(text.utf8).span) }

    @Test("a text is read as a tree, whole numbers of 64 bits exact")
    func reads() throws {
        let value = try JSONValueTests.value(#"{"seed": 18446744073709551615, "list": [1.50, -2e3, null, true], "name": "a\u00e9\n"}"#)
        #expect(
            value
                == .object([
                    "seed": .number("18446744073709551615"), "list": .array([.number("1.50"), .number("-2e3"), .null, .bool(true)]),
                    "name": .string("aé\n"),
                ]))
    }

    @Test(
        "what is wrong is named with its place",
        arguments: [
            (#"{"a": 1, "a": 2}"#, "expected only one field, found a twice"),
            ("[1,\n 2,]", "not JSON: expected a value at line 2, column 4, found ']'"),
            (#"{"a" 1}"#, "not JSON: expected ':' at line 1, column 6, found '1'"),
            ("[1] 2", "not JSON: expected the end at line 1, column 5, found '2'"),
            (String(repeating: "[", count: 65), "not JSON: expected at most 64 levels at line 1, column 65, found one more"),
        ])
    func refuses(_ text: String, _ expected: String) {
        do throws(JSONTextError) {
            Issue.record("read as \(try JSONValueTests.value(text)); expected an error")
        } catch {
            #expect("\(error)" == expected)
        }
    }

    @Test("what came over another program is handed on unchanged, keys sorted")
    func handsOn() throws {
        let text = #"{"b":[1,18446744073709551615,-0.25,true,null,"x/y"],"a":{}}"#
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(try JSONWriter.text(of: value) == #"{"a":{},"b":[1,18446744073709551615,-0.25,true,null,"x/y"]}"#)
        #expect(try JSONValueTests.value(text) == value)
    }
}
