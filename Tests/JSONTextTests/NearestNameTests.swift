import Testing

@testable import JSONText

@Suite struct NearestNameTests {
    private static let known = ["model", "version", "state", "limit"]

    @Test(
        "a slip of the pen has the name that was meant",
        arguments: [
            ("modell", "model"), ("Model", "model"), ("modle", "model"), ("mdel", "model"), ("vresion", "version"), ("status", "state"),
            ("limits", "limit"),
        ])
    func slips(name: String, meant: String) {
        #expect(name.nearest(among: NearestNameTests.known) == meant)
        #expect(name.suggestion(among: NearestNameTests.known) == "; did you mean '\(meant)'?")
    }

    @Test("another name has none", arguments: ["", "x", "colour", "mvsl", String(repeating: "model", count: 1_000)])
    func others(name: String) {
        #expect(name.nearest(among: NearestNameTests.known) == nil)
        #expect(name.suggestion(among: NearestNameTests.known) == "")
    }

    @Test("of two names that are equally near the first is taken, and a nearer one beats both")
    func nearest() {
        #expect("bitmaq".nearest(among: ["bitmap", "bitmay"]) == "bitmap")
        #expect("bitmaps".nearest(among: ["bitmap", "bitmaps"]) == "bitmaps")
    }
}
