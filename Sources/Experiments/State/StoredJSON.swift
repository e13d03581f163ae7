import JSONText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Values that are kept as JSON in one line.
enum StoredJSON {
    /// - Throws: `ExperimentsError.databaseFailed` for a number that is not finite, of which there are none in what is stored.
    static func text(of value: some Encodable) throws(ExperimentsError) -> String {
        do throws(JSONTextError) {
            return try JSONWriter.text(of: value)
        } catch {
            throw .databaseFailed(reason: "\(error)")
        }
    }

    /// - Throws: `ExperimentsError.databaseFailed` for what this digitd has not written.
    static func value<Value: Decodable>(_ type: Value.Type, of text: String) throws(ExperimentsError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .databaseFailed(reason: "\(error)")
        }
    }
}
