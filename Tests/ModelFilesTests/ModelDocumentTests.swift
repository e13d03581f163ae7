import Classifiers
import Digits
import Files
import Foundation
import ModelFiles
import ModelSelection
import Testing

struct ModelDocumentTests {
    private static let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 120, seed: 2)

    private static let training = TrainingProvenance(
        dataset: SearchReport.Dataset(dataset), seed: 4,
        crossValidation: TrainingProvenance.CrossValidation(folds: 10, accuracyMean: 0.96, accuracyStandardDeviation: 0.01))

    private static func document(_ classifier: ClassifierName) throws -> ModelDocument {
        func fit<Parameters: ClassifierParameters>(_: Parameters.Type) throws -> any ClassifierModel {
            let small = ParameterValues(classifier == .randomForest ? ["n_estimators": .integer(5)] : [:])
            return try Parameters(values: small).fit(dataset, rows: Array(0..<dataset.count), seed: 4)
        }
        return ModelDocument(model: try fit(classifier.parametersType), training: training)
    }

    /// The document with one piece of its text replaced, and a checksum that is right again.
    private static func edited(_ bytes: [UInt8], replacing old: String, with new: String) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        precondition(text.contains(old), "the document has no \(old)")
        var edited = Array(text.replacingOccurrences(of: old, with: new).utf8)
        let digits = 13..<77
        edited.replaceSubrange(digits, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
        let checksum = SHA256.hexadecimal(of: edited)
        edited.replaceSubrange(digits, with: checksum.utf8)
        return edited
    }

    private static func error(reading bytes: [UInt8]) -> ModelFileError? {
        do throws(ModelFileError) {
            _ = try ModelDocument(bytes: bytes, file: "m.json")
            return nil
        } catch {
            return error
        }
    }

    @Test("a model read back predicts bit for bit as the one written, and is written the same again", arguments: ClassifierName.allCases)
    func roundTrip(classifier: ClassifierName) throws {
        let document = try ModelDocumentTests.document(classifier)
        let bytes = try document.encoded(file: "m.json")
        let copy = try ModelDocument(bytes: bytes, file: "m.json")
        #expect(copy.classifier == classifier)
        #expect(copy.training == document.training)
        for bitmap in SyntheticDigits.dataset(rowCount: 200, seed: 77).bitmaps {
            #expect(copy.model.prediction(for: bitmap) == document.model.prediction(for: bitmap))
        }
        #expect(try copy.encoded(file: "m.json") == bytes)
    }

    @Test("the object has the fields of the format, and the checksum is that of the bytes with its digits as zeros")
    func fields() throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["format"] as? String == "digitd-model")
        #expect(object["formatVersion"] as? Int == 1)
        #expect(object["classifier"] as? String == "svm")
        #expect((object["parameters"] as? [String: Any])?["kernel"] as? String == "rbf")
        #expect(object["classes"] as? [Int] == Array(0..<10))
        #expect((object["input"] as? [String: Any])?["bits"] as? Int == 256)
        let training = try #require(object["training"] as? [String: Any])
        #expect(training["seed"] as? Int == 4)
        #expect((training["dataset"] as? [String: Any])?["rows"] as? Int == 120)
        #expect((training["report"] as? [String: Any])?["converged"] as? Bool == true)
        let checksum = try #require(object["checksum"] as? String)
        let blank = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: checksum, with: String(repeating: "0", count: 64))
        #expect(checksum == SHA256.hexadecimal(of: Array(blank.utf8)))
    }

    @Test("one changed digit anywhere is refused by the checksum")
    func changedDigit() throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let text = String(decoding: bytes, as: UTF8.self)
        let changed = Array(text.replacingOccurrences(of: #""seed":4"#, with: #""seed":5"#).utf8)
        guard case .wrongChecksum(let file, _, _)? = ModelDocumentTests.error(reading: changed) else {
            Issue.record("it was not refused by its checksum")
            return
        }
        #expect(file == "m.json")
    }

    @Test("a file cut short anywhere is refused as torn", arguments: [0, 1, 40, 200, 2_000])
    func torn(length: Int) throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        guard case .notAModelDocument? = ModelDocumentTests.error(reading: Array(bytes.prefix(length))) else {
            Issue.record("a file of \(length) bytes was not refused as torn")
            return
        }
    }

    @Test("another version is refused by its number, whatever its checksum")
    func otherVersion() throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let text = String(decoding: bytes, as: UTF8.self)
        let newer = Array(text.replacingOccurrences(of: #""formatVersion":1"#, with: #""formatVersion":2"#).utf8)
        #expect(ModelDocumentTests.error(reading: newer) == .unsupportedVersion(file: "m.json", found: 2, supported: 1))
    }

    @Test("JSON of another format is refused by name")
    func otherFormat() {
        let error = ModelDocumentTests.error(reading: Array(#"{"format":"pickle","formatVersion":1,"classifier":"svm"}"#.utf8))
        #expect(error == .notAModelDocument(file: "m.json", reason: "format is 'pickle'; expected 'digitd-model'"))
    }

    @Test("an unknown classifier is refused with those that are known")
    func unknownClassifier() throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let edited = ModelDocumentTests.edited(bytes, replacing: #""classifier":"svm""#, with: #""classifier":"perceptron""#)
        guard case .invalidContent(_, "classifier", let reason)? = ModelDocumentTests.error(reading: edited) else {
            Issue.record("it was not refused by its classifier")
            return
        }
        #expect(reason.hasPrefix("'perceptron' is unknown; known are svm, "))
    }

    @Test(
        "a field that stands there twice is refused by name, however deep",
        arguments: [
            (#""formatVersion":1"#, #""formatVersion":1,"formatVersion":1"#, "formatVersion"),
            (#""folds":10"#, #""folds":10,"folds":10"#, "folds"),
        ])
    func repeatedField(old: String, new: String, name: String) throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let edited = ModelDocumentTests.edited(bytes, replacing: old, with: new)
        #expect(
            ModelDocumentTests.error(reading: edited)
                == .notAModelDocument(file: "m.json", reason: "expected only one field, found \(name) twice"))
    }

    @Test("a document of two versions is refused, whichever comes first", arguments: [[1, 2], [2, 1]])
    func twoVersions(versions: [Int]) throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let fields = versions.map { "\"formatVersion\":\($0)" }.joined(separator: ",")
        let edited = ModelDocumentTests.edited(bytes, replacing: #""formatVersion":1"#, with: fields)
        #expect(ModelDocumentTests.error(reading: edited) != nil)
    }

    @Test(
        "content that does not fit is refused by field, even with a right checksum",
        arguments: [
            (#""bits":256"#, #""bits":255"#, "model.input"),
            (#""classes":[0,"#, #""classes":["#, "model.classes"),
            (#""kernel":"rbf""#, #""kernel":"cubic""#, "parameters"),
            (#""rows":120"#, #""rows":"many""#, "training.dataset.rows"),
            (#""accuracyMean":0.96"#, #""accuracyMean":2"#, "training.crossValidation.accuracyMean"),
            (
                #""accuracyStandardDeviation":0.01"#, #""accuracyStandardDeviation":-0.01"#,
                "training.crossValidation.accuracyStandardDeviation"
            ),
            (#""folds":10"#, #""folds":-1"#, "training.crossValidation.folds"),
        ])
    func invalidContent(old: String, new: String, field: String) throws {
        let bytes = try ModelDocumentTests.document(.svm).encoded(file: "m.json")
        let edited = ModelDocumentTests.edited(bytes, replacing: old, with: new)
        guard case .invalidContent(_, let found, _)? = ModelDocumentTests.error(reading: edited) else {
            Issue.record("\(new) was not refused: \(String(describing: ModelDocumentTests.error(reading: edited)))")
            return
        }
        #expect(found == field || found.hasPrefix("model."))
    }
}
