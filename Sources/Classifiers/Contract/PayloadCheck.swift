import Digits

/// Checks of a model document's numbers. Each throws `TrainingError.invalidModel`, naming the field or the first element that does not fit.
enum PayloadCheck {
    /// Classes have to be two or more digits in ascending order.
    static func classes(_ classes: [UInt8]) throws(TrainingError) {
        let ascending = zip(classes, classes.dropFirst()).allSatisfy { $0 < $1 }
        guard classes.count >= 2, ascending, classes.allSatisfy({ $0 < DigitDataset.classCount }) else {
            throw .invalidModel(field: "classes", found: "\(classes)", expected: "two or more digits, 0 to 9, ascending")
        }
    }

    /// A list has to be of one length.
    static func count(_ values: some Collection, of field: String, is expected: Int) throws(TrainingError) {
        guard values.count == expected else {
            throw .invalidModel(field: field, found: "\(values.count) elements", expected: "\(expected) elements")
        }
    }

    /// Every element has to satisfy a condition.
    ///
    /// - Parameter expected: the condition in words.
    static func each<Element>(
        _ values: [Element], of field: String, is expected: @autoclosure () -> String, where isSound: (Element) -> Bool
    ) throws(TrainingError) {
        if let place = values.firstIndex(where: { !isSound($0) }) {
            throw .invalidModel(field: "\(field)[\(place)]", found: "\(values[place])", expected: expected())
        }
    }

    /// Every element has to be a finite number.
    static func finite(_ values: [Double], of field: String) throws(TrainingError) {
        try each(values, of: field, is: "a finite number") { $0.isFinite }
    }

    /// The bitmaps that a list spells, in 64 hexadecimal digits each.
    static func bitmaps(_ spellings: [String], of field: String) throws(TrainingError) -> [Bitmap] {
        var bitmaps: [Bitmap] = []
        bitmaps.reserveCapacity(spellings.count)
        for (place, digits) in spellings.enumerated() {
            do throws(DigitsError) {
                bitmaps.append(try Bitmap(hexadecimal: digits.utf8.span))
            } catch {
                throw .invalidModel(field: "\(field)[\(place)]", found: "'\(digits.prefix(80))'", expected: "64 hexadecimal digits")
            }
        }
        return bitmaps
    }
}
