import Digits

/// Bitmaps as they stand in a model document: 64 hexadecimal digits each.
enum ModelBitmaps {
    /// - Throws: `TrainingError.invalidModel` naming the first element of `field` that is no bitmap.
    static func decoded(_ bitmaps: [String], field: String) throws(TrainingError) -> [Bitmap] {
        var decoded: [Bitmap] = []
        decoded.reserveCapacity(bitmaps.count)
        for (position, digits) in bitmaps.enumerated() {
            do throws(DigitsError) {
                decoded.append(try Bitmap(hexadecimal: digits.utf8.span))
            } catch {
                throw .invalidModel(
                    field: "\(field)[\(position)]", found: "'\(digits.prefix(80))'", expected: "64 hexadecimal digits")
            }
        }
        return decoded
    }
}
