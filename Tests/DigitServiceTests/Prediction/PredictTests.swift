import Digits
import HTTPServing
import Testing

@Suite struct PredictTests {
    /// 37 ink pixels are a 7 for `InkModel`.
    private static let seven =
        "{\"digit\":7,\"confidence\":0.250000,\"probabilities\":[0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,"
        + "0.250000,0.750000,0.000000]"
    private static let nine =
        "{\"digit\":9,\"confidence\":0.250000,\"probabilities\":[0.750000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,"
        + "0.000000,0.000000,0.250000]"
    private static let model = "\"model\":{\"name\":\"svm\",\"version\":0}}\n"

    struct Form: CustomTestStringConvertible {
        let name: String
        let type: String
        let body: [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ type: String, _ body: String) { self.init(name, type, Array(body.utf8)) }
        init(_ name: String, _ type: String, _ body: [UInt8]) { (self.name, self.type, self.body) = (name, type, body) }
    }

    static let formsForOne = [
        Form("64 hexadecimal digits", "text/plain", Ink.hexadecimal(37)),
        Form("upper-case digits in white space", "text/plain", " \n\(Ink.hexadecimal(37).uppercased())\r\n"),
        Form("256 zeros and ones in lines", "text/plain", Ink.bitmap(37).zeroOneText),
        Form("256 zeros and ones in one line", "text/plain", Ink.bitmap(37).zeroOneText.filter { $0 != "\n" }),
        Form("a Semeion row", "text/plain", Ink.semeionRow(37)),
        Form("a Semeion row without indicators", "text/plain", Ink.semeionRow(37, indicators: false)),
        Form("bitmap", "application/json", "{\"bitmap\": \"\(Ink.hexadecimal(37))\"}"),
        Form("flat pixels", "application/json", "{\"pixels\": \(Ink.flatPixels(37))}"),
        Form("pixels in rows", "application/json", "{\"pixels\": \(Ink.nestedPixels(37))}"),
        Form("P1", "image/x-portable-bitmap", PortableBitmap.text(Ink.bitmap(37))),
        Form("P4", "image/x-portable-bitmap", PortableBitmap.packed(Ink.bitmap(37))),
    ]

    static let formsForMany = [
        Form("bitmaps", "application/json", "{\"bitmaps\":[\"\(Ink.hexadecimal(37))\",\"\(Ink.hexadecimal(9))\"]}"),
        Form("packed", "application/octet-stream", Ink.packed(37) + Ink.packed(9)),
    ]

    @Test("a form for one bitmap is answered with one prediction", arguments: formsForOne)
    func one(form: Form) async throws {
        let answer = try await ServiceFixture().predict(form.body, type: form.type)
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text == PredictTests.seven + "," + PredictTests.model)
    }

    @Test("a form for many bitmaps is answered with a list in their order", arguments: formsForMany)
    func many(form: Form) async throws {
        let answer = try await ServiceFixture().predict(form.body, type: form.type)
        #expect(answer.status == .ok)
        #expect(answer.text == "{\"predictions\":[\(PredictTests.seven)},\(PredictTests.nine)}],\(PredictTests.model)")
    }

    @Test("a batch of one is a batch", arguments: ["{\"bitmaps\":[\"\(Ink.hexadecimal(37))\"]}"])
    func batchOfOne(json: String) async throws {
        let expected = "{\"predictions\":[\(PredictTests.seven)}],\(PredictTests.model)"
        #expect(try await ServiceFixture().predict(Array(json.utf8), type: "application/json").text == expected)
        #expect(try await ServiceFixture().predict(Ink.packed(37), type: "application/octet-stream").text == expected)
    }

    @Test(
        "the form of a text is seen from the content where no type is said, or curl's own", arguments: formsForOne + formsForMany.prefix(1))
    func sniffing(form: Form) async throws {
        let fixture = try ServiceFixture()
        let declared = try await fixture.predict(form.body, type: form.type).text
        #expect(declared.contains("\"digit\":7"))
        for type in [nil, "", "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=utf-8"] {
            #expect(try await fixture.predict(form.body, type: type).text == declared)
        }
    }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 7, count: 32 * 12 - 8)

    @Test(
        "bytes that are no text are refused where no type is said, or curl's own, for they may be anything",
        arguments: [(Ink.packed(37), "other bytes"), (png, "a PNG file"), ([1], "other bytes")])
    func untyped(body: [UInt8], found: String) async throws {
        let fixture = try ServiceFixture()
        for type in [nil, "", "application/x-www-form-urlencoded"] {
            let answer = try await fixture.predict(body, type: type)
            #expect(answer.status == .unsupportedMediaType)
            let problem = try answer.decoded(Problem.self)
            #expect(problem.type == "urn:digitd:problem:unsupported-media-type")
            #expect(problem.detail == "expected a text, or packed bytes of type application/octet-stream, found \(found) of no type said")
            #expect(answer.headers["Accept"] == "text/plain, application/json, application/octet-stream, image/x-portable-bitmap")
        }
        let typed = try await fixture.predict(PredictTests.png, type: "application/octet-stream")
        #expect(typed.status == .badRequest)
        #expect(try typed.decoded(Problem.self).detail == "expected packed bitmaps of 32 bytes each, found a PNG file")
    }

    @Test(
        "a byte-order mark before a text is passed over, with its type and without",
        arguments: formsForOne.filter { $0.type.hasPrefix("text") || $0.type.hasSuffix("json") })
    func byteOrderMark(form: Form) async throws {
        let fixture = try ServiceFixture()
        for type in [nil, form.type] {
            #expect(
                try await fixture.predict([0xEF, 0xBB, 0xBF] + form.body, type: type).text == PredictTests.seven + "," + PredictTests.model)
        }
    }

    @Test("JSON names model and version itself")
    func modelInBody() async throws {
        let fixture = try ServiceFixture()
        func predict(_ fields: String, query: String = "") async throws -> Answer {
            try await fixture.predict(
                Array("{\(fields)\"bitmap\":\"\(Ink.hexadecimal(37))\"}".utf8), type: "application/json", query: query)
        }
        #expect(try await predict("\"model\":\"random-forest\",").decoded(OnePrediction.self).model.name == "random-forest")
        #expect(try await predict("\"model\":\"svm\",\"version\":0,").decoded(OnePrediction.self).model.name == "svm")
        let refusals = [
            ("\"modell\":\"svm\",", "", "unknown-field", "and no other, found 'modell'; did you mean 'model'?"),
            ("\"Model\":\"svm\",", "", "unknown-field", "and no other, found 'Model'; did you mean 'model'?"),
            ("\"model\":\"oracle\",", "", "unknown-model", "expected a model named random-forest or svm, found 'oracle'"),
            ("\"model\":7,", "", "malformed-digits", "model: expected the name of a model at line 1, column 10, found a number"),
            ("\"model\":\"svm\",\"model\":\"svm\",", "", "malformed-digits", "expected only one field, found model twice"),
            ("\"model\":\"svm\",\"version\":7,", "", "unknown-version", "expected version 0 of svm, found '7'"),
            ("\"version\":0,", "", "malformed-field", "version: expected the model beside it, found version '0' of no model"),
            ("\"model\":\"svm\",", "?model=svm", "malformed-field", "model: expected it in the query or in the body, found it in both"),
        ]
        for (fields, query, type, detail) in refusals {
            let problem = try await predict(fields, query: query).decoded(Problem.self)
            #expect(problem.type == "urn:digitd:problem:\(type)", "\(fields)")
            #expect(problem.detail.hasSuffix(detail), "\(problem.detail)")
        }
    }

    @Test("the version in the query is the one that serves, or nothing is answered")
    func versionInQuery() async throws {
        let fixture = try ServiceFixture()
        let body = Array(Ink.hexadecimal(37).utf8)
        #expect(try await fixture.predict(body, query: "?model=svm&version=0").status == .ok)
        let other = try await fixture.predict(body, query: "?model=svm&version=1")
        #expect(other.status == .notFound)
        #expect(try other.decoded(Problem.self).detail == "expected version 0 of svm, found '1'")
        #expect(try await fixture.predict(body, query: "?version=0").status == .badRequest)
    }

    @Test(
        "parameters, case and white space of a content type do not matter",
        arguments: ["text/plain;charset=utf-8", "Text/Plain ; charset=\"latin1\"", " text/plain", "TEXT/PLAIN\t"])
    func contentTypeParameters(type: String) async throws {
        #expect(try await ServiceFixture().predict(Array(Ink.hexadecimal(37).utf8), type: type).status == .ok)
    }

    @Test("a declared type is believed, whatever the content looks like")
    func declaredType() async throws {
        let fixture = try ServiceFixture()
        // 64 hexadecimal digits are two packed bitmaps as well.
        let octets = try await fixture.predict(Array(Ink.hexadecimal(0).utf8), type: "application/octet-stream", accept: "text/plain")
        #expect(octets.text == "4\n4\n")
        let text = try await fixture.predict(Array("{}".utf8), type: "text/plain")
        #expect(try text.decoded(Problem.self).detail == "expected a hexadecimal digit at line 1, column 1, found '{'")
    }

    @Test("model chooses, and the most accurate model is the default")
    func chosenModel() async throws {
        let fixture = try ServiceFixture()
        let bitmap = ServiceFixture.dataset.bitmaps[13]
        let body = Array(bitmap.hexadecimal.utf8)
        #expect(try await fixture.predict(body).text.hasSuffix("\"model\":{\"name\":\"svm\",\"version\":0}}\n"))
        #expect(try await fixture.predict(body, query: "?model=svm").text.hasSuffix("\"model\":{\"name\":\"svm\",\"version\":0}}\n"))
        let forest = try await fixture.predict(body, query: "?model=random-forest").decoded(OnePrediction.self)
        let expected = try ServiceFixture.forest.get().prediction(for: bitmap)
        #expect(forest.model == OnePrediction.Model(name: "random-forest", version: 1))
        #expect(forest.digit == expected.digit)
        #expect(forest.confidence == forest.probabilities[Int(expected.digit)])
        #expect(forest.probabilities.count == 10)
        for digit in 0..<10 { #expect(abs(forest.probabilities[digit] - expected.probabilities[digit]) <= 0.0000005001) }
    }

    @Test("a batch is answered as its bitmaps are one by one")
    func batchAgrees() async throws {
        let fixture = try ServiceFixture()
        let bitmaps = ServiceFixture.dataset.bitmaps.prefix(50)
        let json = "{\"bitmaps\":[\(bitmaps.map { "\"\($0.hexadecimal)\"" }.joined(separator: ","))]}"
        let batch = try await fixture.predict(Array(json.utf8), type: "application/json", query: "?model=random-forest").text
        var singles: [String] = []
        for bitmap in bitmaps {
            let single = try await fixture.predict(Array(bitmap.hexadecimal.utf8), query: "?model=random-forest").text
            singles.append(String(single.prefix(140)) + "}")
        }
        #expect(batch == "{\"predictions\":[\(singles.joined(separator: ","))],\"model\":{\"name\":\"random-forest\",\"version\":1}}\n")
    }

    @Test("a long batch, which all threads work off, is answered in the order of its bitmaps")
    func longBatch() async throws {
        let fixture = try ServiceFixture()
        let bitmaps = ServiceFixture.dataset.bitmaps.prefix(50)
        var digitOfBitmap: [Bitmap: String] = [:]
        for bitmap in bitmaps {
            let answer = try await fixture.predict(
                Array(bitmap.hexadecimal.utf8), accept: "text/plain", query: "?model=random-forest")
            digitOfBitmap[bitmap] = answer.text
        }
        #expect(Set(digitOfBitmap.values).count > 2)
        var stream = RandomStream(seed: 7, purpose: .test)
        let batch = (0..<4_096).map { _ in bitmaps[Int.random(in: bitmaps.indices, using: &stream)] }
        let packed = batch.reduce(into: [UInt8]()) { $1.appendPacked(to: &$0) }
        let answer = try await fixture.predict(
            packed, type: "application/octet-stream", accept: "text/plain", query: "?model=random-forest")
        #expect(answer.text == batch.compactMap { digitOfBitmap[$0] }.joined())
        let json = try await fixture.predict(packed, type: "application/octet-stream", query: "?model=random-forest")
        let digits = try json.decoded(ManyPredictions.self).predictions.map { "\($0.digit)\n" }
        #expect(digits == batch.compactMap { digitOfBitmap[$0] })
    }

    @Test("every bitmap up to the batch limit is answered, one more refuses them all")
    func batchLimit() async throws {
        let fixture = try ServiceFixture(batchLimit: 3)
        let three = try await fixture.predict([0, 1, 2].flatMap(Ink.packed), type: "application/octet-stream", accept: "text/plain")
        #expect(three.text == "0\n1\n2\n")
        let four = try await fixture.predict([0, 1, 2, 3].flatMap(Ink.packed), type: "application/octet-stream")
        #expect(four.status == .contentTooLarge)
        #expect(try four.decoded(Problem.self).detail == "expected at most 3 bitmaps, found 4")
        let list = (0..<5).map { "\"\(Ink.hexadecimal($0))\"" }.joined(separator: ",")
        let five = try await fixture.predict(Array("{\"bitmaps\":[\(list)]}".utf8), type: "application/json")
        #expect(five.status == .contentTooLarge)
        #expect(try five.decoded(Problem.self).type == "urn:digitd:problem:too-many-bitmaps")
        #expect(try five.decoded(Problem.self).detail == "bitmaps: expected at most 3 bitmaps, found 5")
    }

    @Test("the batch limit is 4096 where nothing else is said")
    func defaultBatchLimit() async throws {
        let fixture = try ServiceFixture()
        let full = try await fixture.predict([UInt8](repeating: 0, count: 4096 * 32), type: "application/octet-stream")
        #expect(full.status == .ok)
        #expect(try full.decoded(ManyPredictions.self).predictions.count == 4096)
        let more = try await fixture.predict([UInt8](repeating: 0, count: 4097 * 32), type: "application/octet-stream")
        #expect(try more.decoded(Problem.self).detail == "expected at most 4096 bitmaps, found 4097")
    }
}

struct OnePrediction: Decodable {
    struct Model: Decodable, Equatable {
        let name: String
        let version: Int
    }

    let digit: UInt8
    let confidence: Double
    let probabilities: [Double]
    let model: Model
}

struct ManyPredictions: Decodable {
    struct Element: Decodable {
        let digit: UInt8
        let confidence: Double
        let probabilities: [Double]
    }

    let predictions: [Element]
    let model: OnePrediction.Model
}
