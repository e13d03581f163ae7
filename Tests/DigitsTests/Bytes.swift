@testable import Digits

/// The bytes of a text, to be given as a span.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What the error says; a sentence that no test expects where there is none.
func message(_ body: () throws(DigitsError) -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return error.description
    }
}

/// A bitmap whose every pixel is ink or paper by chance.
func randomBitmap(_ stream: inout RandomStream) -> Bitmap {
    Bitmap(words: SIMD4(stream.next(), stream.next(), stream.next(), stream.next()))
}

/// A six as it might stand in Semeion.
let sixHexadecimal = "01c003800700060006000c000c000c000dfc0fff0e070c030c030e070ffe03f8"
