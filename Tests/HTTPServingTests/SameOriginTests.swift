import HTTPServing
import Testing

@testable import struct HTTPServing.SameOriginRule

@Suite(.timeLimit(.minutes(2))) struct SameOriginTests {
    private struct Case {
        let host: String?
        var mayChange = true
        var origin: String?
        var fetchSite: String?
        var isRefused = true
    }

    private static let cases = [
        // Clients that are no browsers.
        Case(host: "127.0.0.1:8080", isRefused: false),
        Case(host: "localhost", isRefused: false),
        Case(host: "LOCALHOST:9", isRefused: false),
        Case(host: "digits.localhost:8080", isRefused: false),
        Case(host: "[::1]:8080", isRefused: false),
        Case(host: "[::1]", isRefused: false),
        Case(host: "10.0.0.7", isRefused: false),
        Case(host: "Digits.Example.org:443", isRefused: false),
        Case(host: nil, isRefused: false),
        Case(host: "localhost.", isRefused: false),
        Case(host: "digits.example.org.:443", isRefused: false),
        // Names that a page may have made its own.
        Case(host: "evil.example"),
        Case(host: "evil.example:8080"),
        Case(host: "localhost.evil.example"),
        Case(host: "evillocalhost"),
        Case(host: "127.0.0.1.evil.example"),
        Case(host: "1.2.3"),
        Case(host: "1.2.3."),
        Case(host: ""),
        Case(host: "."),
        Case(host: "evil.example", mayChange: false),
        Case(host: "127.0.0.1:8080", mayChange: false, origin: "https://evil.example", fetchSite: "cross-site", isRefused: false),
        // Pages.
        Case(host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080", isRefused: false),
        Case(host: "localhost:8080", origin: "HTTP://LocalHost:8080", isRefused: false),
        Case(host: "[::1]:8080", origin: "http://[::1]:8080", isRefused: false),
        Case(host: "digits.example.org", origin: "https://digits.example.org", isRefused: false),
        Case(host: "digits.example.org", origin: "https://digits.example.org:443", isRefused: false),
        Case(host: "localhost", origin: "http://localhost:80", isRefused: false),
        Case(host: "localhost:80", origin: "http://localhost", isRefused: false),
        Case(host: "127.0.0.1:8080", origin: "http://127.0.0.1:3000"),
        Case(host: "127.0.0.1:8080", origin: "http://localhost:8080"),
        Case(host: "localhost:8080", origin: "http://localhost"),
        Case(host: "localhost:443", origin: "http://localhost"),
        Case(host: "127.0.0.1:8080", origin: "https://evil.example"),
        Case(host: "127.0.0.1:8080", origin: "null"),
        Case(host: "127.0.0.1:8080", origin: ""),
        Case(host: "127.0.0.1:8080", origin: "ftp://127.0.0.1:8080"),
        Case(host: nil, origin: "http://127.0.0.1:8080"),
        Case(host: "127.0.0.1:8080", fetchSite: "same-origin", isRefused: false),
        Case(host: "127.0.0.1:8080", fetchSite: "none", isRefused: false),
        Case(host: "127.0.0.1:8080", fetchSite: "same-site"),
        Case(host: "127.0.0.1:8080", fetchSite: "cross-site"),
        Case(host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080", fetchSite: "cross-site"),
    ]

    @Test("a page of another origin is told from one of this server's, and from clients that are no browsers")
    func rule() {
        let rule = SameOriginRule(hostNames: ["digits.example.org"])
        func refusal(_ host: String?, _ origin: String?, _ fetchSite: String?, mayChange: Bool) -> String? {
            withBytes(of: host) { host in
                withBytes(of: origin) { origin in
                    withBytes(of: fetchSite) { fetchSite in
                        rule.refusal(host: host?.span, origin: origin?.span, fetchSite: fetchSite?.span, mayChange: mayChange)
                    }
                }
            }
        }
        for value in Self.cases {
            let isRefused = refusal(value.host, value.origin, value.fetchSite, mayChange: value.mayChange) != nil
            #expect(isRefused == value.isRefused, "\(value)")
        }
    }

    private func withBytes<Result>(of text: String?, _ body: (UnsafeBufferPointer<UInt8>?) -> Result) -> Result {
        guard let text else { return body(nil) }
        return Array(text.utf8).withUnsafeBufferPointer { body($0) }
    }

    @Test("only reading is left to a page of another origin", arguments: [("POST", 403), ("PUT", 403), ("OPTIONS", 403), ("GET", 200)])
    func methods(method: String, status: Int) async throws {
        let routes = [echoRoute, .immediate(.get, "/echo") { _ in .text("read") }, .immediate(.put, "/echo") { _ in .text("put") }]
        try await withServer(routes, configure: { $0.hostNames = [] }) { port, _ in
            let client = try RawClient(port: port)
            await client.send(
                "\(method) /echo HTTP/1.1\r\nHost: localhost:\(port)\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n\r\n")
            #expect(try await client.response().status == status)
        }
    }

    @Test("what is refused says why, before its body is read; a client that is no browser is answered")
    func refused() async throws {
        try await withServer([echoRoute], configure: { $0.hostNames = [] }) { port, _ in
            let page = try RawClient(port: port)
            await page.send("POST /echo HTTP/1.1\r\nHost: localhost:\(port)\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 5\r\n\r\n")
            let refusal = try await page.response()
            #expect(refusal.status == 403)
            #expect(refusal.text.contains("a Sec-Fetch-Site other than same-origin or none"))
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try await client.response().text == "hello")
        }
    }

    @Test("where no names are given every request is taken")
    func notScreened() async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://other.example\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try await client.response().text == "hello")
        }
    }
}
