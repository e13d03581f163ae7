#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A vector picture as it is drawn: SVG 1.1 elements one after another.
///
/// Coordinates are pixels from the top left corner. Texts are escaped here and nowhere else.
struct SVGDocument: Sendable {
    enum Anchor: String {
        case start, middle, end
    }

    let width: Double
    let height: Double
    private let title: String
    private var elements: [String] = []

    /// An empty picture with its title at the top, and a surface to be read on in light and dark.
    ///
    /// - Parameter note: a line under the title: what is measured, on what.
    init(width: Double, height: Double, title: String, note: String) {
        self.width = width
        self.height = height
        self.title = title
        rectangle(x: 0, y: 0, width: width, height: height, style: "surface")
        text(title, x: 20, y: 30, style: "title")
        text(note, x: 20, y: 50, style: "note")
    }

    mutating func text(
        _ content: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "", turned: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(number(x)) \(number(y)))\"" : ""
        elements.append(
            "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor.rawValue)\"\(classAttribute(style))\(turn)>"
                + SVGDocument.escaped(content) + "</text>")
    }

    mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), style: String) {
        elements.append(
            "<line x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" x2=\"\(number(end.x))\" y2=\"\(number(end.y))\""
                + classAttribute(style) + "/>")
    }

    /// - Parameters:
    ///   - opacity: 0...1, of the filling.
    ///   - colour: of the filling, in place of the style's: one that means something, and so is the same in light and in dark.
    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, style: String, opacity: Double = 1, colour: String? = nil
    ) {
        let fill = (opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : "") + (colour.map { " fill=\"\($0)\"" } ?? "")
        elements.append(
            "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
                + classAttribute(style) + fill + "/>")
    }

    /// - Parameter hint: what a viewer shows under the pointer.
    mutating func circle(x: Double, y: Double, radius: Double, style: String, hint: String) {
        elements.append(
            "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\"\(classAttribute(style))>"
                + "<title>\(SVGDocument.escaped(hint))</title></circle>")
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], style: String) {
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        elements.append("<polyline points=\"\(list)\"\(classAttribute(style))/>")
    }

    /// A picture in a picture; its pixels stay squares however large it is shown.
    mutating func image(_ image: PNGImage, x: Double, y: Double, width: Double, height: Double) {
        elements.append(
            "<image x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
                + " style=\"image-rendering: pixelated\" href=\"data:image/png;base64,\(Data(image.bytes).base64EncodedString())\"/>")
    }

    /// The document.
    var text: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" role="img">
        <title>\(SVGDocument.escaped(title))</title>
        <style>
        \(FigureTheme.styleSheet)
        </style>
        \(elements.joined(separator: "\n"))
        </svg>

        """
    }

    private func classAttribute(_ style: String) -> String {
        style.isEmpty ? "" : " class=\"\(style)\""
    }

    private func number(_ value: Double) -> String { FigureNumber.text(value, decimals: 2) }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
    }
}
