import Classifiers
import Digits
import Files
import JSONText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A trained model with its provenance, as it stands in a file: one JSON object of format `digitd-model`.
///
/// Numbers are shortest round-trip decimals, so that a model read back predicts bit for bit as the one written. The bytes depend on
/// the model and its provenance only: keys are sorted and nothing is stamped with a time.
public struct ModelDocument: Sendable {
    public static let format = "digitd-model"
    public static let formatVersion = 1

    public let model: any ClassifierModel
    public let training: TrainingProvenance

    public init(model: any ClassifierModel, training: TrainingProvenance) {
        self.model = model
        self.training = training
    }

    /// The classifier's spelling; also the file's name without `.json`.
    public var classifier: ClassifierName { ModelDocument.classifier(of: model) }

    private static func classifier<Model: ClassifierModel>(of model: Model) -> ClassifierName { Model.Parameters.classifier }
}

// MARK: - The JSON object

extension ModelDocument {
    /// What the 256 bits of `input` are.
    private struct Input: Codable {
        var bits = Bitmap.pixelCount
        var order = "row-major, most significant bit first"
    }

    private struct Header: Decodable {
        let format: String
        let formatVersion: Int
        let classifier: String
    }

    private struct Content<Model: ClassifierModel>: Codable {
        let format: String
        let formatVersion: Int
        let checksum: String
        let classifier: ClassifierName
        let parameters: ParameterValues
        let classes: [UInt8]
        let input: Input
        let training: Training
        let model: Model.Payload
    }

    /// `TrainingProvenance` and the model's own report in one object.
    private struct Training: Codable {
        let provenance: TrainingProvenance
        let report: TrainingReport

        private enum CodingKeys: String, CodingKey {
            case report
        }

        init(provenance: TrainingProvenance, report: TrainingReport) {
            self.provenance = provenance
            self.report = report
        }

        init(from decoder: any Decoder) throws {
            provenance = try TrainingProvenance(from: decoder)
            report = try decoder.container(keyedBy: CodingKeys.self).decode(TrainingReport.self, forKey: .report)
        }

        func encode(to encoder: any Encoder) throws {
            try provenance.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(report, forKey: .report)
        }
    }

    /// The document's bytes, its checksum included.
    ///
    /// - Throws: `ModelFileError.unencodable` where a number is not finite, which a trained model's never are.
    public func encoded(file: String) throws(ModelFileError) -> [UInt8] {
        do {
            return try ModelDocument.encoded(model, training: training)
        } catch {
            throw .unencodable(file: file, reason: "\(error)")
        }
    }

    private static func encoded<Model: ClassifierModel>(_ model: Model, training: TrainingProvenance) throws -> [UInt8] {
        let content = Content<Model>(
            format: format, formatVersion: formatVersion, checksum: DocumentChecksum.placeholder,
            classifier: Model.Parameters.classifier, parameters: model.parameters.values, classes: model.classes, input: Input(),
            training: Training(provenance: training, report: model.trainingReport), model: model.payload)
        return DocumentChecksum.filledIn(try JSONWriter.line(of: content))
    }

    /// Writes the document: temporary file, fsync, rename.
    public func write(to path: String) throws(ModelFileError) {
        let bytes = try encoded(file: path)
        do throws(FileError) { try DurableFile.replace(path, with: bytes) } catch { throw .file(error) }
    }

    /// Reads a file that has to hold a document of this classifier.
    ///
    /// - Throws: `ModelFileError.file` where it cannot be read; as `init(bytes:file:)`; `.invalidContent` for another classifier.
    public init(file path: String, of classifier: ClassifierName) throws(ModelFileError) {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try FileBytes.read(path) } catch { throw .file(error) }
        try self.init(bytes: bytes, file: path)
        guard self.classifier == classifier else {
            throw .invalidContent(
                file: path, field: "classifier", reason: "it holds a \(self.classifier.rawValue); expected \(classifier.rawValue)")
        }
    }

    /// Reads a document and rejects what is not exactly one: torn, edited, of another version, or with numbers that do not fit.
    ///
    /// - Parameter file: what errors call it.
    public init(bytes: [UInt8], file: String) throws(ModelFileError) {
        let data = Data(bytes)
        // A document of another version may keep its checksum elsewhere: what it is comes before whether it is whole.
        let classifier = try ModelDocument.classifier(in: data, file: file)
        switch DocumentChecksum.verify(bytes) {
        case .right: break
        case .missing: throw .notAModelDocument(file: file, reason: "it does not begin with its checksum")
        case .wrong(let found, let expected): throw .wrongChecksum(file: file, found: found, expected: expected)
        }
        // `Decodable` takes one of two fields of a name, and another program the other one.
        do throws(JSONTextError) {
            try JSONFields.requireUnique(bytes.span)
        } catch {
            throw .notAModelDocument(file: file, reason: "\(error)")
        }
        do {
            self = try ModelDocument.decoded(data, as: classifier.parametersType)
        } catch let error as TrainingError {
            if case .invalidModel(let field, let found, let expected) = error {
                throw .invalidContent(file: file, field: "model.\(field)", reason: "\(found); expected \(expected)")
            }
            throw .invalidContent(file: file, field: "parameters", reason: "\(error)")
        } catch let error as DecodingError {
            let (field, reason) = ModelDocument.fieldAndReason(of: error)
            throw .invalidContent(file: file, field: field, reason: reason)
        } catch {
            throw .notAModelDocument(file: file, reason: "\(error)")
        }
    }

    private static func decoded<Parameters: ClassifierParameters>(_ data: Data, as _: Parameters.Type) throws -> ModelDocument {
        let content = try JSONDecoder().decode(Content<Parameters.Model>.self, from: data)
        guard content.input.bits == Bitmap.pixelCount, content.input.order == Input().order else {
            throw TrainingError.invalidModel(
                field: "input", found: "\(content.input.bits) bits, \(content.input.order)", expected: "256 bits, \(Input().order)")
        }
        let model = try Parameters.Model(
            parameters: Parameters(values: content.parameters), classes: content.classes, trainingReport: content.training.report,
            payload: content.model)
        return ModelDocument(model: model, training: content.training.provenance)
    }

    /// Reads the outermost layer: JSON, of this format and version, of a known classifier.
    private static func classifier(in data: Data, file: String) throws(ModelFileError) -> ClassifierName {
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: data)
        } catch let error as DecodingError {
            let (field, reason) = fieldAndReason(of: error)
            throw .notAModelDocument(file: file, reason: field.isEmpty ? reason : "field '\(field)': \(reason)")
        } catch {
            throw .notAModelDocument(file: file, reason: "\(error)")
        }
        guard header.format == format else {
            throw .notAModelDocument(file: file, reason: "format is '\(header.format)'; expected '\(format)'")
        }
        guard header.formatVersion == formatVersion else {
            throw .unsupportedVersion(file: file, found: header.formatVersion, supported: formatVersion)
        }
        guard let classifier = ClassifierName(rawValue: header.classifier) else {
            let known = ClassifierName.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidContent(file: file, field: "classifier", reason: "'\(header.classifier)' is unknown; known are \(known)")
        }
        return classifier
    }

    private static func fieldAndReason(of error: DecodingError) -> (field: String, reason: String) {
        func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
            (context.codingPath.map(\.stringValue) + [last].compactMap { $0 }).joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, let context): (path(context, key.stringValue), "it is missing")
        case .typeMismatch(let type, let context): (path(context), "expected \(type)")
        case .valueNotFound(let type, let context): (path(context), "null; expected \(type)")
        case .dataCorrupted(let context): (path(context), context.debugDescription)
        @unknown default: ("", "\(error)")
        }
    }
}
