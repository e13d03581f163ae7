import DigitService
import Experiments
import HTTPServing
import Logging
import ModelFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A server's life: start, reload on SIGHUP, drain on SIGTERM or SIGINT.
struct Serving {
    let configuration: ServeConfiguration
    let logFormat: LogLine.Format
    let log: LogQueue
    let logger: Logger

    /// How long the log may take where a second signal has asked for the end at once.
    private static let hastyFlushSeconds = 0.2

    /// Serves until a signal says stop and the requests under way are answered; a second signal ends at once.
    ///
    /// - Throws: `ModelFileError` for models that are missing or bad, `HTTPServingError` where the address cannot be listened on,
    ///   `ExperimentsError.folderInUse` where another server uses the state folder.
    func run() async throws {
        // Taken over before anything else: a signal that comes early must not be lost, nor SIGHUP kill.
        let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
        let background = try BackgroundWork(configuration: configuration, logger: logger)
        let readiness = Readiness()
        let accessLog = AccessLog(access: configuration.logAccess, format: logFormat, write: log.append)
        let service = DigitService(
            models: background.models, readiness: readiness, experiments: background.experiments, batchLimit: configuration.batchLimit,
            uploadLimitBytes: configuration.uploadLimitBytes, logger: logger)
        let server = HTTPServer(
            router: try service.router(), configuration: serverConfiguration(accessLog), logger: logger)
        let port = try server.start()
        await background.start()
        background.logModels()
        logReady(background.models.current, port: port)
        await obey(signals, server: server, readiness: readiness, background: background)
        accessLog.flush()
    }

    /// Returns when the server has stopped.
    private func obey(_ signals: SignalStream, server: HTTPServer, readiness: Readiness, background: BackgroundWork) async {
        var isStopping = false
        for await number in signals.numbers {
            if number == SIGHUP {
                await background.reload()
            } else if isStopping {
                logger.warning("ended at once by a second signal", metadata: ["requests": .stringConvertible(server.inFlightCount)])
                log.flush(timeoutSeconds: Serving.hastyFlushSeconds)
                // Without the end of other threads, which may be in the midst of an answer.
                _exit(128 + number)
            } else {
                isStopping = true
                // First of all: from now on load balancers send their requests elsewhere, however long experiments take to stop.
                readiness.withdraw()
                logger.notice("stopping", metadata: ["requests": .stringConvertible(server.inFlightCount)])
                Task {
                    // Load balancers still send requests until they have asked again, and these are answered as ever.
                    try? await Task.sleep(for: .seconds(configuration.stopDelaySeconds))
                    await background.stop()
                    await server.stop(gracePeriodSeconds: configuration.gracePeriodSeconds)
                    await background.close()
                    signals.finish()
                }
            }
        }
    }

    private func serverConfiguration(_ accessLog: AccessLog) -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.host = configuration.host
        server.port = configuration.port
        server.threadCount = configuration.threadCount
        server.connectionLimit = configuration.connectionLimit
        server.perAddressLimit = configuration.perAddressLimit
        server.inactivityTimeoutSeconds = configuration.inactivityTimeoutSeconds
        server.headDeadlineSeconds = configuration.headDeadlineSeconds
        server.bodyDeadlineSeconds = configuration.bodyDeadlineSeconds
        server.bodyBytesPerSecond = configuration.bodyBytesPerSecond
        server.bodyLimitBytes = configuration.bodyLimitBytes
        server.hostNames = configuration.hostNames
        server.observer = accessLog.observer
        return server
    }

    private func logReady(_ models: ModelSet, port: UInt16) {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        // Of the cross-validations, to four decimals: a hundredth of a per cent.
        let accuracies = models.models.map { model in
            (
                model.name.rawValue,
                Logger.MetadataValue.stringConvertible((model.training.crossValidation.accuracyMean * 1e4).rounded() / 1e4)
            )
        }
        var metadata: Logger.Metadata = [
            "url": "http://\(host):\(port)", "accuracy": .dictionary(Dictionary(uniqueKeysWithValues: accuracies)),
        ]
        metadata["startMilliseconds"] = .stringConvertible(ProcessClock.millisecondsSinceBegin)
        logger.notice("ready", metadata: metadata)
    }
}
