import Testing

@testable import digitd

struct HTTPResponseParserTests {
    private static let chunked =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain \r\ntransfer-encoding: Chunked\r\nX-Empty:\r\n\r\n"
        + "5\r\nhello\r\nA;name=value\r\n, 23456789\r\n0\r\nTrailer: x\r\n\r\n"
    private static let counted = "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 4\r\n\r\nno\r\n"

    @Test("a body is the same in pieces of any size", arguments: [(chunked, "hello, 23456789", 200), (counted, "no\r\n", 404)])
    func pieces(answer: String, body: String, status: UInt16) throws {
        let bytes = Array(answer.utf8)
        for cut in bytes.indices {
            var parser = HTTPResponseParser()
            let first = try parser.take(Array(bytes[..<cut]))
            #expect(!parser.isComplete)
            let second = try parser.take(Array(bytes[cut...]))
            #expect(parser.isComplete)
            #expect(String(decoding: first + second, as: UTF8.self) == body)
            #expect(parser.head?.status.code == status)
        }
        var parser = HTTPResponseParser()
        #expect(String(decoding: try bytes.flatMap { try parser.take([$0]) }, as: UTF8.self) == body)
        #expect(parser.isComplete)
    }

    @Test("header fields lose the blanks around their values and are found without case")
    func fields() throws {
        var parser = HTTPResponseParser()
        _ = try parser.take(Array(Self.chunked.utf8))
        #expect(parser.head?.headers["content-type"] == "text/plain")
        #expect(parser.head?.headers["x-empty"] == "")
        #expect(parser.head?.headers["trailer"] == nil)
    }

    @Test("204 and 304 have no body, whatever their heads say", arguments: ["204 No Content", "304 Not Modified"])
    func withoutBody(status: String) throws {
        var parser = HTTPResponseParser()
        _ = try parser.take(Array("HTTP/1.1 \(status)\r\nContent-Length: 9\r\n\r\n".utf8))
        #expect(parser.isComplete)
    }

    @Test(
        "what is not a whole answer, or could be two, is refused with the reason",
        arguments: [
            ("SSH-2.0-OpenSSH\r\n", "it begins with 'SSH-2.0-OpenSSH', and not as HTTP/1.1 does"),
            ("HTTP/2 200\r\n", "it begins with 'HTTP/2 200', and not as HTTP/1.1 does"),
            ("HTTP/1.1 +20 OK\r\n", "it begins with 'HTTP/1.1 +20 OK', and not as HTTP/1.1 does"),
            ("HTTP/1.1 099 No\r\n", "it begins with 'HTTP/1.1 099 No', and not as HTTP/1.1 does"),
            ("HTTP/1.1 200 OK\n", "a line of its head ends without a carriage return, or is no text"),
            ("HTTP/1.1 200 OK\r\nno field\r\n", "'no field' is not a header field"),
            ("HTTP/1.1 200 OK\r\nName : value\r\n", "'Name : value' is not a header field"),
            ("HTTP/1.1 200 OK\r\n\r\n", "neither a length alone nor the chunked coding alone says where its body ends"),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "neither a length alone nor the chunked coding alone says where its body ends"
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "neither a length alone nor the chunked coding alone says where its body ends"
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "neither a length alone nor the chunked coding alone says where its body ends"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "'+1' is not a length"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "'99999999999999999999' is not a length"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "'-1' is not the size of a chunk"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "'' is not the size of a chunk"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", "a chunk longer than its size"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", "1 bytes after its end"),
        ])
    func malformed(answer: String, reason: String) {
        #expect(throws: HTTPClientError.malformedAnswer(reason)) {
            var parser = HTTPResponseParser()
            _ = try parser.take(Array(answer.utf8))
        }
    }

    @Test("a head without end is not kept")
    func endless() {
        for text in [String(repeating: "x", count: 70_000), "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 12_000)] {
            #expect(throws: HTTPClientError.self) {
                var parser = HTTPResponseParser()
                _ = try parser.take(Array(text.utf8))
            }
        }
    }

    @Test(
        "an address is a host and a port",
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080"),
            ("HTTP://localhost/", "localhost", 80, "http://localhost"),
            ("http://[::1]:9", "::1", 9, "http://[::1]:9"), ("http://[fe80::1%eth0]", "fe80::1%eth0", 80, "http://[fe80::1%eth0]"),
        ])
    func address(url: String, host: String, port: UInt16, description: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == description)
    }

    @Test(
        "what is no such address is refused",
        arguments: [
            "https://localhost", "localhost:8080", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:", "http://a:b",
            "http://a/b",
            "http://a?b", "http://user@a", "http://::1", "http://[::1", "http://[::1]9", "http://a b", "http://a\r\nX: y", "http://a/ /",
        ])
    func badAddress(url: String) {
        #expect(throws: HTTPClientError.self) { try ServerAddress(url) }
    }
}
