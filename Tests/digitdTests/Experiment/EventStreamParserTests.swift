import Testing

@testable import digitd

struct EventStreamParserTests {
    private func events(_ text: String) -> [ServerSentEvent] {
        var parser = EventStreamParser()
        return parser.take(text.utf8)
    }

    private static let stream =
        "\u{FEFF}: welcome\nid: 1\nevent: state\ndata: {\"a\": 1}\n\n"
        + ":heartbeat\r\n\r\nid:2\r\ndata: first\r\ndata:  second\r\ndata\r\n\r\n"
        + "event: notice\rid: 3\rdata: Zwölf\r\rdata: last\n\ndata: cut off"
    private static let expected = [
        ServerSentEvent(name: "state", data: "{\"a\": 1}", id: "1"),
        ServerSentEvent(name: "message", data: "first\n second\n", id: "2"),
        ServerSentEvent(name: "notice", data: "Zwölf", id: "3"),
        ServerSentEvent(name: "message", data: "last", id: "3"),
    ]

    @Test("names, identifiers and lines of data are read whatever ends the lines, and comments passed over")
    func whole() {
        #expect(events(Self.stream) == Self.expected)
    }

    @Test("pieces of any size give the same events")
    func pieces() {
        let bytes = Array(Self.stream.utf8)
        for cut in bytes.indices {
            var parser = EventStreamParser()
            #expect(parser.take(bytes[..<cut]) + parser.take(bytes[cut...]) == Self.expected)
        }
        var parser = EventStreamParser()
        #expect(bytes.flatMap { parser.take([$0]) } == Self.expected)
        #expect(parser.lastEventID == "3")
    }

    @Test("the standard's examples come out as it says")
    func standard() {
        // WHATWG HTML, section 9.2.6.
        #expect(events("data: YHOO\ndata: +2\ndata: 10\n\n").map(\.data) == ["YHOO\n+2\n10"])
        let ids = events(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
        #expect(ids.map(\.data) == ["first event", "second event", " third event"])
        #expect(ids.map(\.id) == ["1", "", ""])
        #expect(events("data\n\ndata\ndata\n\ndata:").map(\.data) == ["", "\n"])
        #expect(events("data:test\n\ndata: test\n\n").map(\.data) == ["test", "test"])
    }

    @Test("an identifier counts from the end of its event on, and not where it holds a NUL")
    func identifiers() {
        var parser = EventStreamParser(lastEventID: "7")
        #expect(parser.take("data: a\n\n".utf8).map(\.id) == ["7"])
        #expect(parser.take("id: 8\ndata: b\n".utf8).isEmpty)
        #expect(parser.lastEventID == "7")
        #expect(parser.take("\n".utf8).map(\.id) == ["8"])
        #expect(parser.lastEventID == "8")
        #expect(parser.take("id: 9\0\ndata: c\n\n".utf8).map(\.id) == ["8"])
        #expect(parser.take("id: 10\n\n".utf8).isEmpty)
        #expect(parser.lastEventID == "10")
    }

    @Test("fields that there are not, and an event without data, are nothing")
    func nothing() {
        #expect(
            events("event: a\n\nretry: 10\nEVENT: b\n data: c\n\nevent:\ndata: d\n\n") == [
                ServerSentEvent(name: "message", data: "d", id: nil)
            ])
    }
}
