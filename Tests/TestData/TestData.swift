import Digits

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Data that tests of several modules read.
public enum TestData {
    /// The folder of `Package.swift`.
    public static let packageRoot: String = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Whether tests that need the Semeion data set are to run. In continuous integration (`CI=true`) they always are, so that there
    /// its absence is a failure; elsewhere they are skipped where there is no file.
    public static var semeionIsAvailable: Bool {
        semeionPath != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// The Semeion data set: 1593 rows.
    ///
    /// - Throws: `DigitsError.inFile` where the file is in neither place, or is not what it should be.
    public static func semeion() throws -> DigitDataset {
        try semeionResult.get()
    }

    /// The 10 stratified folds of Semeion that the reference numbers were made with.
    public static func referenceFolds() throws -> FoldAssignment {
        let bytes = try fixture("reference/folds-seed0.json")
        return try FoldAssignment(json: bytes.span, rowCount: 1593)
    }

    /// The bytes of a file in `Tests/Fixtures`.
    public static func fixture(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: packageRoot + "/Tests/Fixtures/" + path)))
    }

    private static let semeionPlaces = ["data/semeion.data", "../shared/datasets/semeion.data"].map { packageRoot + "/" + $0 }

    /// Where the Semeion data set is; nil where it is in neither place.
    public static var semeionPath: String? {
        semeionPlaces.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Read once a process.
    private static let semeionResult = Result { try DigitDataset(contentsOfFile: semeionPath ?? semeionPlaces[0]) }
}
