import Digits
import Foundation
import ModelFiles
import TestData
import Testing

@testable import digitd

@Suite("digitd serve as a process", .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"))
struct ServeProcessTests {
    private static let models = "\(TestData.packageRoot)/Models"
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    /// A server of these models on any free port, with its log as JSON.
    private func serve(models: String = models, _ more: [String] = []) throws -> ServeProcess {
        try ServeProcess(["--port", "0", "--models", models, "--log-format", "json"] + more, folder: folder.path)
    }

    /// A copy of the shipped models that a test may spoil.
    private func copiedModels() throws -> String {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.models) {
            try folder.write(try String(contentsOfFile: "\(Self.models)/\(name)", encoding: .utf8), to: "Models/\(name)")
        }
        return "\(folder.path)/Models"
    }

    private var bitmap: Bitmap {
        SyntheticDigits.bitmap(row: 7, seed: 3)
    }

    @Test("says where it listens, with which models and how soon, and predicts what the models predict")
    func predicts() async throws {
        let server = try serve()
        let port = try await server.port()
        let ready = try await server.line(containing: "\"message\":\"ready\"")
        let shipped = try ModelSet(folder: Self.models)
        for model in shipped.models {
            let accuracy = (model.training.crossValidation.accuracyMean * 10_000).rounded() / 10_000
            #expect(ready.contains("\"\(model.name.rawValue)\":\(accuracy)"))
        }
        #expect(ready.contains(/"startMilliseconds":\d+/))
        let expected = shipped.defaultModel.model.prediction(for: bitmap).digit
        let answer = try ServeConnection.answer("POST /predict", body: bitmap.hexadecimal, port: port)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("{\"digit\":\(expected),"))
        server.send(signal: SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test("SIGHUP with a torn model keeps the old models, and with whole ones takes the new")
    func reload() async throws {
        let models = try copiedModels()
        let server = try serve(models: models)
        let port = try await server.port()
        let svm = "\(models)/svm.json"
        let whole = try Data(contentsOf: URL(filePath: svm))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: svm))
        server.send(signal: SIGHUP)
        let kept = try await server.line(containing: "kept the models in service")
        #expect(kept.contains("\"level\":\"error\""))
        #expect(kept.contains("svm.json"))
        let body = bitmap.hexadecimal
        #expect(try ServeConnection.answer("POST /predict?model=svm", body: body, port: port).hasPrefix("HTTP/1.1 200 OK\r\n"))

        try whole.write(to: URL(filePath: svm))
        try FileManager.default.removeItem(atPath: "\(models)/random-forest.json")
        #expect(try ServeConnection.answer("GET /models/random-forest", port: port).hasPrefix("HTTP/1.1 200 OK\r\n"))
        server.send(signal: SIGHUP)
        _ = try await server.line(containing: "reloaded the models")
        #expect(try ServeConnection.answer("GET /models/random-forest", port: port).hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        #expect(try ServeConnection.answer("POST /predict?model=svm", body: body, port: port).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// A connection on which nothing moves stays open however busy the machine is: no limit ends it before the test does.
    private static let patience = ["grace-period", "body-deadline", "inactivity-timeout"].flatMap { ["--\($0)-seconds", "3600"] }

    @Test("SIGTERM and SIGINT let the request under way end, take no other, and end with 0", arguments: [SIGTERM, SIGINT])
    func drain(signal: Int32) async throws {
        let server = try serve(ServeProcessTests.patience)
        let port = try await server.port()
        let connection = try ServeConnection.halfSent(port: port)
        server.send(signal: signal)
        let stopping = try await server.line(containing: "\"message\":\"stopping\"")
        #expect(stopping.contains("\"requests\":1"))
        while (try? ServeConnection(port: port)) != nil { try await Task.sleep(for: .milliseconds(10)) }
        connection.send(bitmap.hexadecimal)
        let answer = connection.received()
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
        #expect(answer.contains("{\"digit\":"))
        #expect(try await server.exit() == 0)
        #expect(server.errorText.contains("\"message\":\"stopped\""))
    }

    @Test("from the signal on it does not call itself ready, while experiments are still stopping")
    func readinessFirst() async throws {
        let first = try serve()
        let experiment = #"{"dataset":"synthetic","folds":"leave-one-out","search":[{"classifier":"svm"}]}"#
        let submitted = try ServeConnection.answer("POST /experiments", body: experiment, port: try await first.port())
        #expect(submitted.hasPrefix("HTTP/1.1 202 "))
        _ = try await first.line(containing: "experiment runs")
        first.send(signal: SIGTERM)
        #expect(try await first.exit() == 0)
        // The experiment goes on after a start, and reads its rows: from a pipe into which nobody writes.
        let datasets = "\(folder.path)/state/datasets"
        let rows = "\(datasets)/\(try #require(FileManager.default.contentsOfDirectory(atPath: datasets).first))"
        try FileManager.default.removeItem(atPath: rows)
        #expect(mkfifo(rows, 0o600) == 0)
        let server = try serve()
        let port = try await server.port()
        _ = try await server.line(containing: "experiment runs")
        #expect(try ServeConnection.answer("GET /readyz", port: port).hasPrefix("HTTP/1.1 200 "))
        server.send(signal: SIGTERM)
        _ = try await server.line(containing: "\"message\":\"stopping\"")
        #expect(try ServeConnection.answer("GET /readyz", port: port).hasPrefix("HTTP/1.1 503 "))
        close(open(rows, O_WRONLY))
        #expect(try await server.exit() == 0)
    }

    @Test("for as long as a load balancer may take to notice, requests on new connections are answered as ever")
    func stopDelay() async throws {
        let server = try serve(["--stop-delay-seconds", "3600"])
        let port = try await server.port()
        server.send(signal: SIGTERM)
        _ = try await server.line(containing: "\"message\":\"stopping\"")
        for _ in 0..<10 {
            #expect(try ServeConnection.answer("GET /readyz", port: port).hasPrefix("HTTP/1.1 503 "))
            #expect(try ServeConnection.answer("POST /predict", body: bitmap.hexadecimal, port: port).hasPrefix("HTTP/1.1 200 "))
        }
        server.send(signal: SIGTERM)
        #expect(try await server.exit() == 128 + SIGTERM)
    }

    @Test("where descriptors are few, connections get a part of them, and the rest of the server goes on")
    func fewDescriptors() async throws {
        let server = try ServeProcess(
            ["--port", "0", "--models", Self.models, "--state", "few", "--inactivity-timeout-seconds", "600"], after: "ulimit -n 64",
            folder: folder.path)
        let port = try await server.port()
        let line = try await server.line(containing: "fewer connections than connectionLimit")
        #expect(line.contains("\"descriptors\":\"64\""), "\(line)")
        var connections = try (0..<80).map { _ in try ServeConnection(port: port) }
        let request = "GET /datasets HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for connection in connections { connection.send(request) }
        for _ in 0..<20 {
            #expect(connections[0].received(to: "}\n").contains("HTTP/1.1 200 OK"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processID)/fd").count < 60)
            connections[0].send(request)
        }
        // Those that wait are taken in as others go.
        while !connections.isEmpty { #expect(connections.removeFirst().received(to: "}\n").contains("HTTP/1.1 200 OK")) }
        server.send(signal: SIGTERM)
        #expect(try await server.exit() == 0)
    }

    @Test("a low limit of descriptors that may be raised is raised")
    func raisedDescriptors() async throws {
        let server = try ServeProcess(
            ["--port", "0", "--models", Self.models, "--state", "raised"], after: "ulimit -S -n 64", folder: folder.path)
        let port = try await server.port()
        let connections = try (0..<80).map { _ in try ServeConnection(port: port) }
        for connection in connections { connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") }
        for connection in connections { #expect(connection.received(to: "ok\n").hasPrefix("HTTP/1.1 200 OK")) }
        #expect(!server.errorText.contains("fewer connections"))
    }

    @Test("a second signal ends it at once, with the code that shells give to that signal")
    func secondSignal() async throws {
        let server = try serve(ServeProcessTests.patience)
        let connection = try ServeConnection.halfSent(port: try await server.port())
        defer { withExtendedLifetime(connection) {} }
        server.send(signal: SIGTERM)
        _ = try await server.line(containing: "\"message\":\"stopping\"")
        server.send(signal: SIGINT)
        #expect(try await server.exit() == 128 + SIGINT)
    }

    @Test("a refused request is in the log when the process has ended, an answered one is not")
    func accessLog() async throws {
        let server = try serve()
        let port = try await server.port()
        _ = try ServeConnection.answer("GET /healthz", port: port)
        let answer = try ServeConnection.answer("GET /models/nobody", port: port)
        let id = try #require(answer.firstMatch(of: /X-Request-Id: (\w+)\r\n/)).1
        server.send(signal: SIGTERM)
        #expect(try await server.exit() == 0)
        let requests = server.errorText.split(separator: "\n").filter { $0.contains("\"message\":\"request\"") }
        #expect(requests.count == 1)
        #expect(requests.first?.contains("\"id\":\"\(id)\",\"method\":\"GET\",\"route\":\"/models/{name}\",\"status\":404,") == true)
    }

    @Test("it does not start on an address that other machines reach, and says why")
    func notLoopback() async throws {
        let server = try serve(["--host", "0.0.0.0"])
        #expect(try await server.exit() == 64)
        #expect(
            server.errorText.contains(
                "\"message\":\"cannot serve\",\"reason\":\"host (flag --host): found '0.0.0.0', which other machines can reach"))
        let insecure = try serve(["--host", "0.0.0.0", "--insecure"])
        #expect(try await insecure.line(containing: "\"message\":\"ready\"").contains("\"url\":\"http://0.0.0.0:"))
    }

    @Test("a port that is taken is told, not crashed on")
    func portInUse() async throws {
        let first = try serve()
        let port = try await first.port()
        let second = try ServeProcess(["--port", "\(port)", "--models", Self.models, "--state", "other"], folder: folder.path)
        #expect(try await second.exit() == 69)
        #expect(
            second.errorText.hasSuffix(
                "\"message\":\"cannot serve\",\"reason\":\"cannot listen on 127.0.0.1 port \(port): Address already in use\"}\n"))
    }

    @Test("a number below zero is refused as a number")
    func negativeNumber() async throws {
        let server = try ServeProcess(["--port", "-1"], folder: folder.path)
        #expect(try await server.exit() == 64)
        #expect(server.errorText.contains("port (flag --port): found '-1', expected a whole number from 0 to 65535"), "\(server.errorText)")
    }

    @Test("missing and bad models are refused by name")
    func badModels() async throws {
        let missing = try serve(models: "\(folder.path)/none")
        #expect(try await missing.exit() == 66)
        #expect(missing.errorText.contains("\"message\":\"cannot serve\",\"reason\":\"\(folder.path)/none: "))
        let models = try copiedModels()
        let document = try String(contentsOfFile: "\(models)/svm.json", encoding: .utf8)
        try folder.write(document.replacing("\"seed\":0", with: "\"seed\":1"), to: "Models/svm.json")
        let edited = try serve(models: models)
        #expect(try await edited.exit() == 65)
        #expect(edited.errorText.contains("\"message\":\"cannot serve\",\"reason\":\"\(models)/svm.json: the checksum says "))
    }

    @Test("--print-config finds config/digitd.yaml in the working directory, prints and ends with 0; with a bad value it prints, too")
    func printConfig() async throws {
        try folder.write("port: 9000\n", to: "config/digitd.yaml")
        let printed = try ServeProcess(["--print-config"], environment: ["DIGITD_LOG_ACCESS": "all"], folder: folder.path)
        #expect(try await printed.exit() == 0)
        #expect(printed.outputText.contains(/\nport +9000 +file config\/digitd.yaml:1\n/))
        #expect(printed.outputText.contains(/\nlog.access +all +variable DIGITD_LOG_ACCESS\n/))
        #expect(printed.errorText == "")
        let bad = try ServeProcess(["--print-config"], environment: ["DIGITD_PORT": "x"], folder: folder.path)
        #expect(try await bad.exit() == 78)
        #expect(bad.outputText.contains(/\nport +x +variable DIGITD_PORT\n/))
        #expect(
            bad.errorText.hasSuffix("\"reason\":\"port (variable DIGITD_PORT): found 'x', expected a whole number from 0 to 65535\"}\n"))
    }

    @Test("a flag that there is not ends with 64")
    func unknownFlag() async throws {
        let server = try ServeProcess(["--prot", "1"], folder: folder.path)
        #expect(try await server.exit() == 64)
        #expect(server.errorText.contains("--prot"))
    }

    @Test("a log that nobody reads holds up neither requests nor the end")
    func blockedLog() async throws {
        let port = try ServeConnection.freePort()
        #expect(mkfifo("\(folder.path)/log", 0o600) == 0)
        // The other end of the pipe is open, and never read.
        let unread = open("\(folder.path)/log", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        #expect(unread >= 0)
        defer { close(unread) }
        let line = """
            exec "$0" serve --port \(port) --models "$1" --state state --log-access all --log-format json --grace-period-seconds 5 2> log
            """
        let server = try StartedProgram(
            "/bin/sh", ["-c", line, try #require(ServeProcess.executable), Self.models], folder: folder.path)
        while (try? ServeConnection(port: port)) == nil {
            #expect(server.status == nil)
            try await Task.sleep(for: .milliseconds(20))
        }
        // A pipe holds 64 KiB; a line has 200 bytes.
        for _ in 0..<800 { #expect(try ServeConnection.answer("GET /healthz", port: port).hasPrefix("HTTP/1.1 200")) }
        server.send(signal: SIGTERM)
        #expect(await onThread { server.waitUntilExit() } == 0)
    }
}
