/// A grey picture: 0 is paper, 255 is ink, row by row from the top left corner.
public struct GreyImage: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// `height` rows of `width` values.
    public let pixels: [UInt8]

    /// - Precondition: width and height are at least 1, and there are `width * height` pixels.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width >= 1 && height >= 1 && pixels.count == width * height)
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
