import ArgumentParser
import DigitService
import HTTPServing
import Logging
import ModelFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A server's life: start, reload on SIGHUP, drain on SIGTERM or SIGINT.
struct Serving {
    let configuration: ServeConfiguration
    let models: CurrentModels
    let logger: Logger

    /// Serves until a signal says stop and the requests under way are answered; a second signal ends at once.
    ///
    /// - Throws: `HTTPServingError` where the address cannot be listened on.
    func run() async throws {
        let readiness = Readiness()
        let accessLog = AccessLog(logger: logger, access: configuration.logAccess)
        let service = DigitService(models: models, readiness: readiness, batchLimit: configuration.bitmapLimit)
        let server = HTTPServer(
            router: try service.router(), configuration: serverConfiguration(readiness, accessLog), logger: logger)
        // Taken over before the server is up: a signal that comes right then must not kill it.
        let signals = SignalStream.signals([SIGTERM, SIGINT, SIGHUP])
        let port = try server.start()
        logReady(port: port)

        let writer = Task { await accessLog.run() }
        var draining: Task<Void, Never>?
        let (drained, drainedContinuation) = AsyncStream.makeStream(of: Void.self)
        let listener = Task {
            for await number in signals {
                if number == SIGHUP {
                    reload()
                    continue
                }
                guard draining == nil else {
                    logger.warning("stopping at once: a second signal")
                    exit(128 + number)
                }
                logger.info("stopping", metadata: ["requests": "\(server.inFlightCount)"])
                draining = Task {
                    await server.stop(gracePeriodSeconds: configuration.gracePeriodSeconds)
                    drainedContinuation.finish()
                }
            }
        }
        for await _ in drained {}
        listener.cancel()
        writer.cancel()
        await writer.value
    }

    private func serverConfiguration(_ readiness: Readiness, _ accessLog: AccessLog) -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.host = configuration.host
        server.port = configuration.port
        server.threadCount = configuration.threadCount
        server.connectionLimit = configuration.connectionLimit
        server.perAddressLimit = configuration.perAddressLimit
        server.inactivityTimeoutSeconds = configuration.inactivityTimeoutSeconds
        server.headDeadlineSeconds = configuration.headDeadlineSeconds
        server.bodyDeadlineSeconds = configuration.bodyDeadlineSeconds
        server.bodyLimitBytes = configuration.bodyLimitBytes
        server.onDrain = { readiness.withdraw() }
        server.observer = accessLog.observer
        return server
    }

    private func logReady(port: UInt16) {
        var metadata: Logger.Metadata = ["url": "http://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host):\(port)"]
        for model in models.served {
            metadata["\(model.name.rawValue)"] = "\(model.training.crossValidation.accuracyMean.percent)"
        }
        if let milliseconds = ProcessClock.millisecondsSinceStart { metadata["milliseconds"] = "\(milliseconds)" }
        logger.notice("ready", metadata: metadata)
    }

    /// Loads the models again; where one is bad, those in service stay.
    private func reload() {
        do throws(ModelFileError) {
            models.replace(with: try ModelSnapshot(folder: configuration.modelsFolder))
            logger.notice("reloaded the models", metadata: ["folder": "\(configuration.modelsFolder)"])
        } catch {
            logger.error("kept the models in service: the new ones are bad", metadata: ["reason": "\(error)"])
        }
    }
}
