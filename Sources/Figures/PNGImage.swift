internal import CPNG
import Digits

/// A grey picture as a PNG file, made by libpng.
struct PNGImage: Sendable {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - image: 0 is paper and 255 ink, as everywhere in digitd; a PNG viewer shows paper white.
    ///   - scale: pixels on a side for each of the picture's.
    init(_ image: GreyImage, scale: Int = 1) {
        precondition(scale >= 1)
        let (width, height) = (image.width * scale, image.height * scale)
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, initializedCount in
            for row in 0..<height {
                for column in 0..<width {
                    buffer[row * width + column] = 255 - image.pixels[row / scale * image.width + column / scale]
                }
            }
            initializedCount = width * height
        }
        var header = png_image()
        header.version = UInt32(PNG_IMAGE_VERSION)
        header.width = UInt32(width)
        header.height = UInt32(height)
        header.format = UInt32(PNG_FORMAT_GRAY)
        // Room for any picture: PNG's own framing, and deflate's for data that it cannot make smaller.
        let capacity = height * (width + 16) + 4_096
        bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
            var byteCount = png_alloc_size_t(capacity)
            let written = png_image_write_to_memory(&header, buffer.baseAddress, &byteCount, 0, pixels, Int32(width), nil)
            precondition(written != 0, "a grey picture fits the room made for it")
            initializedCount = Int(byteCount)
        }
    }
}
