import HTTPServing

/// Reads one HTTP/1.1 answer from bytes as they come, in pieces of any size (RFC 9112).
///
/// Strict where leniency could take a torn answer for a whole one: a body has a length or is chunked, never both, and one that only the end
/// of the connection would end is refused. Answers of 1xx are passed over; trailers are read and dropped.
package struct HTTPResponseParser {
    package struct Head {
        package let status: HTTPStatus
        package let headers: HTTPHeaders
    }

    private enum State {
        case statusLine
        case headerField
        case chunkSize
        case chunkEnd
        case trailer
        /// Bytes of the body that come before anything else.
        case content(left: Int, isChunk: Bool)
        case complete
    }

    /// Once its last field is read.
    package private(set) var head: Head?
    private var state = State.statusLine
    private var line: [UInt8] = []
    private var status: HTTPStatus = 200
    private var headers = HTTPHeaders()
    private var headByteCount = 0

    private static let headLimitBytes = 64 * 1024

    package var isComplete: Bool { if case .complete = state { true } else { false } }

    /// Takes the next bytes of the connection and gives those of the body among them.
    ///
    /// - Throws: `HTTPClientError.malformedAnswer`.
    package mutating func take(_ bytes: [UInt8]) throws(HTTPClientError) -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            switch state {
            case .content(let left, let isChunk):
                let piece = rest.prefix(left)
                body += piece
                rest = rest.dropFirst(piece.count)
                state = piece.count < left ? .content(left: left - piece.count, isChunk: isChunk) : isChunk ? .chunkEnd : .complete
            case .complete:
                throw .malformedAnswer("\(rest.count) bytes after its end")
            case .statusLine, .headerField, .chunkSize, .chunkEnd, .trailer:
                rest.removeFirst()
                guard line.count < Self.headLimitBytes else { throw .malformedAnswer("a line without end") }
                line.append(byte)
                if byte == UInt8(ascii: "\n") { try endLine() }
            }
        }
        return body
    }

    private mutating func endLine() throws(HTTPClientError) {
        guard line.count >= 2, line[line.count - 2] == UInt8(ascii: "\r"), let text = String(validating: line.dropLast(2), as: UTF8.self)
        else { throw .malformedAnswer("a line of its head ends without a carriage return, or is no text") }
        headByteCount += line.count
        line.removeAll(keepingCapacity: true)
        switch state {
        case .statusLine:
            status = try Self.status(text)
            state = .headerField
        case .headerField where !text.isEmpty:
            guard headByteCount <= Self.headLimitBytes else { throw .malformedAnswer("a head of more than \(Self.headLimitBytes) bytes") }
            try addField(text)
        case .headerField:
            try endHead()
        case .chunkSize:
            let digits = text.prefix { $0 != ";" && $0 != " " }
            // No sign: `Int` alone would take one.
            guard digits.first?.isHexDigit == true, let size = Int(digits, radix: 16) else {
                throw .malformedAnswer("'\(text)' is not the size of a chunk")
            }
            state = size == 0 ? .trailer : .content(left: size, isChunk: true)
        case .chunkEnd:
            guard text.isEmpty else { throw .malformedAnswer("a chunk longer than its size") }
            state = .chunkSize
        case .trailer:
            if text.isEmpty { state = .complete }
        case .content, .complete:
            break
        }
    }

    /// `HTTP/1.1 200 OK`
    private static func status(_ line: String) throws(HTTPClientError) -> HTTPStatus {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3, let code = Int(words[1]),
            (100...599).contains(code)
        else { throw .malformedAnswer("it begins with '\(line.prefix(40))', and not as HTTP/1.1 does") }
        return HTTPStatus(code)
    }

    private mutating func addField(_ line: String) throws(HTTPClientError) {
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, !line[..<colon].contains(where: \.isWhitespace) else {
            throw .malformedAnswer("'\(line.prefix(40))' is not a header field")
        }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        let end = value.lastIndex { $0 != " " && $0 != "\t" }.map(value.index(after:)) ?? value.startIndex
        headers.add(String(line[..<colon]), String(value[..<end]))
    }

    private mutating func endHead() throws(HTTPClientError) {
        guard status.code >= 200 else {
            headers = HTTPHeaders()
            state = .statusLine
            return
        }
        head = Head(status: status, headers: headers)
        guard status != .noContent, status != .notModified else {
            state = .complete
            return
        }
        switch (values(of: "Content-Length"), values(of: "Transfer-Encoding")) {
        case (let lengths, []) where lengths.count == 1:
            guard lengths[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let length = Int(lengths[0]) else {
                throw .malformedAnswer("'\(lengths[0])' is not a length")
            }
            state = length == 0 ? .complete : .content(left: length, isChunk: false)
        case ([], let codings) where codings.map { $0.lowercased() } == ["chunked"]:
            state = .chunkSize
        default:
            throw .malformedAnswer("neither a length alone nor the chunked coding alone says where its body ends")
        }
    }

    private func values(of name: String) -> [String] {
        headers.fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}
