import Digits

/// The digits a model can answer.
enum ModelClasses {
    /// - Throws: `TrainingError.invalidModel` where they are not two or more digits in ascending order.
    static func validate(_ classes: [UInt8]) throws(TrainingError) {
        let ascending = zip(classes, classes.dropFirst()).allSatisfy { $0 < $1 }
        guard classes.count >= 2, ascending, classes.allSatisfy({ $0 < DigitDataset.classCount }) else {
            throw .invalidModel(field: "classes", found: "\(classes)", expected: "two or more digits, 0 to 9, ascending")
        }
    }
}
