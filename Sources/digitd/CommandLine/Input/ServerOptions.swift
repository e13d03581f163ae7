import ArgumentParser
import DigitClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which server is asked.
struct ServerOptions: ParsableArguments {
    /// The variable that names the server where no flag does.
    static let variable = "DIGITD_SERVER"
    private static let standard = "http://127.0.0.1:8080"

    @Option(help: ArgumentHelp("The server, also \(variable). Default: \(standard).", valueName: "url"))
    var server: String?

    /// - Throws: `HTTPClientError.malformedAddress`.
    func address(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ServerAddress {
        let variable = environment[ServerOptions.variable].flatMap { $0.isEmpty ? nil : $0 }
        return try ServerAddress(server ?? variable ?? ServerOptions.standard)
    }

    /// - Throws: as `address`.
    func client(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ExperimentClient {
        ExperimentClient(server: try address(environment: environment))
    }
}
