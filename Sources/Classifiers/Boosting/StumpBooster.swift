import CBitKernels
import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Boosting of stumps: gives one after another, and weighs the rows anew after each.
///
/// SAMME: Zhu, Zou, Rosset, Hastie, "Multi-class AdaBoost", Statistics and Its Interface 2 (2009), algorithm 2: forward stagewise additive
/// modelling of the loss exp(-y·f(x) / K), where y is 1 for the row's class and -1/(K-1) for the other K-1 (section 2). Every round fits a
/// classifier to the weighted rows; with err its share of misclassified weight it counts alpha = log((1-err)/err) + log(K-1), and the
/// weights of the rows that it misclassifies are multiplied by exp(learning rate x alpha). Boosting ends where err is 0, or where alpha is
/// not above 0: a guess would do as well.
///
/// The classifier is a tree of one split: the pixel that leaves the least Gini impurity of the weights, of equally good ones the lowest,
/// and on each side the heaviest class, the lowest of equals. A stump has all pixels to choose from, so that a drawing order would do
/// nothing but resolve ties; the lowest pixel does so without a seed. Pixels that are the same in all rows are tied to the last bit,
/// since their sums add the same numbers in the same order.
///
/// Departures:
/// - Weights are not normalised, which no choice depends on, and it is the rows classified right whose weights are multiplied, by
///   exp(-learning rate x alpha). These are rows of the one or two classes that a stump answers: the table of weights by class and
///   pixel stays as it is for all others, while that of these is summed up anew. Every number of the table is therefore always the sum of
///   the present weights in the order of rows, and errors do not pile up.
/// - The learning rate is scikit-learn's, and no part of the paper. The weight of a stump leaves it out, a factor that all stumps of a
///   model have in common, and is rounded to 2^-40; the weights of rows follow the unrounded one.
/// - As in scikit-learn no weight falls below 2^-52 of all weight (there of the new sum, here of the one before).
/// - Where not even one stump does better than a guess there is none, while scikit-learn gives an error.
struct StumpBooster {
    private let rows: RowsByClass
    private let learningRate: Double
    /// Of the rows, in their order; on a scale of their own.
    private var weights: [Double]
    /// Classes x 256: the weight of a class's rows in which a pixel is set.
    private var setWeights: [Double]
    /// The weight of each class.
    private var classWeights: [Double]
    private var hasEnded = false

    init(_ rows: RowsByClass, learningRate: Double) {
        self.rows = rows
        self.learningRate = learningRate
        weights = [Double](repeating: 1, count: rows.bitmaps.count)
        setWeights = [Double](repeating: 0, count: rows.classes.count * Bitmap.pixelCount)
        classWeights = [Double](repeating: 0, count: rows.classes.count)
        for position in rows.classes.indices { sumWeights(ofClass: position) }
    }

    /// The share of each row in the weight of all, which the next stump is fitted to.
    var weightShares: [Double] {
        let total = classWeights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// The next stump; nil when boosting has ended.
    mutating func next() -> Stump? {
        guard !hasEnded else { return nil }
        var best = bk_best_stump(setWeights, classWeights, rows.classes.count)
        let total = classWeights.reduce(0, +)
        if best.pixel < 0 {
            // No pixel varies. A tree of one split is then a leaf, which answers the heaviest class whatever the bitmap.
            let heaviest = classWeights.indices.reduce(0) { classWeights[$1] > classWeights[$0] ? $1 : $0 }
            best.pixel = 0
            best.unset_class = heaviest
            best.set_class = heaviest
            best.wrong = total - classWeights[heaviest]
        }
        func stump(weight: Double) -> Stump {
            Stump(
                pixel: best.pixel, unsetDigit: rows.classes[best.unset_class], setDigit: rows.classes[best.set_class],
                weight: Stump.roundedWeight(weight))
        }
        guard best.wrong > 0 else {
            hasEnded = true
            return stump(weight: 1)
        }
        let error = max(best.wrong / total, 0x1p-53)
        let alpha = log((1 - error) / error) + log(Double(rows.classes.count - 1))
        guard alpha > 0 else {
            hasEnded = true
            return nil
        }
        let factor = exp(-learningRate * alpha)
        scaleWeights(ofClass: best.unset_class, pixel: best.pixel, isSet: false, by: factor, least: total * 0x1p-52)
        scaleWeights(ofClass: best.set_class, pixel: best.pixel, isSet: true, by: factor, least: total * 0x1p-52)
        sumWeights(ofClass: best.unset_class)
        if best.set_class != best.unset_class { sumWeights(ofClass: best.set_class) }
        keepFromVanishing()
        return stump(weight: alpha)
    }

    /// Weights only ever fall; long before they would be lost they are all multiplied by a power of two, which changes nothing else.
    private mutating func keepFromVanishing() {
        guard classWeights.reduce(0, +) < 0x1p-100 else { return }
        for index in weights.indices { weights[index] *= 0x1p100 }
        for index in setWeights.indices { setWeights[index] *= 0x1p100 }
        for index in classWeights.indices { classWeights[index] *= 0x1p100 }
    }

    private mutating func scaleWeights(ofClass position: Int, pixel: Int, isSet: Bool, by factor: Double, least: Double) {
        let range = rows.range(ofClass: position)
        rows.withWords(of: range) { words in
            weights.withUnsafeMutableBufferPointer { weights in
                bk_scale_weights(
                    words, UnsafeMutableBufferPointer(rebasing: weights[range]).baseAddress, range.count, pixel, isSet ? 1 : 0, factor,
                    least)
            }
        }
    }

    private mutating func sumWeights(ofClass position: Int) {
        let range = rows.range(ofClass: position)
        let places = position * Bitmap.pixelCount..<(position + 1) * Bitmap.pixelCount
        classWeights[position] = rows.withWords(of: range) { words in
            weights.withUnsafeBufferPointer { weights in
                setWeights.withUnsafeMutableBufferPointer { sums in
                    bk_sum_weights(
                        words, UnsafeBufferPointer(rebasing: weights[range]).baseAddress, range.count,
                        UnsafeMutableBufferPointer(rebasing: sums[places]).baseAddress)
                }
            }
        }
    }
}
