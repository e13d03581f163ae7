/// A picture, ready to be written to a file.
public struct Figure: Sendable {
    /// Its file's name with the extension, `.svg` or `.png`.
    public let fileName: String
    /// The file's content.
    public let bytes: [UInt8]

    init(_ name: String, svg: SVGDocument) {
        fileName = name + ".svg"
        bytes = Array(svg.text.utf8)
    }

    init(_ name: String, png: PNGImage) {
        fileName = name + ".png"
        bytes = png.bytes
    }
}
