import Classifiers
import Digits

extension ServingModel {
    /// Predictions in the order of the bitmaps, made by all threads that run the task. What each is does not depend on how many they are.
    func predictions(ofBatch bitmaps: [Bitmap]) async -> [Prediction] {
        let model = loaded.model
        return await answers(to: bitmaps) { model.prediction(for: $0) }
    }

    /// The digits alone, likewise.
    func digits(ofBatch bitmaps: [Bitmap]) async -> [UInt8] {
        let model = loaded.model
        return await answers(to: bitmaps) { model.digit(for: $0) }
    }

    /// Parts that are soon answered take their turn with those of other batches: a short one does not wait for the end of a long one.
    private func answers<Answer: Sendable>(
        to bitmaps: [Bitmap], _ answer: @escaping @Sendable (Bitmap) -> Answer
    ) async -> [Answer] {
        let partCount = (bitmaps.count + quickBitmapCount - 1) / quickBitmapCount
        return await withTaskGroup(of: (part: Int, answers: [Answer]).self) { group in
            for part in 0..<partCount {
                let first = part * quickBitmapCount
                let bitmapsOfPart = bitmaps[first..<min(first + quickBitmapCount, bitmaps.count)]
                group.addTask { (part, bitmapsOfPart.map(answer)) }
            }
            var answersOfPart = [[Answer]](repeating: [], count: partCount)
            for await (part, answers) in group { answersOfPart[part] = answers }
            return Array(answersOfPart.joined())
        }
    }
}
