#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The colours of accuracies: even steps for even ratios of errors.
///
/// Among good candidates 4 % of errors and 7 % are further apart than 40 % and 43 %, so that the scale is one of the logarithm of the share
/// of errors, from the fewest that were made up to `spread` times as many; whatever is worse has the last colour. The colours are those of
/// viridis (Smith and van der Walt, "A Better Default Colormap for Matplotlib", SciPy 2015): even to the eye, in print, and for those who
/// see no red or no green.
struct AccuracyColours {
    /// How many times the fewest errors have the last colour.
    private static let spread = 10.0
    /// A share of errors that stands for none: half a digit of two thousand.
    private static let leastErrorShare = 0.000_25

    /// Red, green, blue, 0...255: viridis at eighths.
    private static let anchors: [(red: Double, green: Double, blue: Double)] = [
        (68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140), (40, 174, 128), (94, 201, 98), (173, 220, 48),
        (253, 231, 37),
    ]

    /// The accuracies with the last and the first colour.
    let range: ClosedRange<Double>

    /// - Parameter accuracies: 0...1, those that are to be told apart.
    init(of accuracies: [Double]) {
        let best = accuracies.max() ?? 1
        let worst = max(accuracies.min() ?? 0, 1 - AccuracyColours.spread * max(1 - best, AccuracyColours.leastErrorShare))
        range = min(worst, best)...best
    }

    /// Where an accuracy stands between the last colour, 0, and the first, 1.
    func share(of accuracy: Double) -> Double {
        func errors(_ accuracy: Double) -> Double { log(max(1 - accuracy, AccuracyColours.leastErrorShare)) }
        let (most, fewest) = (errors(range.lowerBound), errors(range.upperBound))
        guard most > fewest else { return 1 }
        return min(1, max(0, (most - errors(accuracy)) / (most - fewest)))
    }

    /// The colour of an accuracy as SVG writes it.
    func colour(of accuracy: Double) -> String { AccuracyColours.colour(atShare: share(of: accuracy)) }

    /// Whether a text on that colour is to be dark.
    func isLight(_ accuracy: Double) -> Bool { share(of: accuracy) > 0.6 }

    static func colour(atShare share: Double) -> String {
        let place = share * Double(anchors.count - 1)
        let lower = min(Int(place), anchors.count - 2)
        let part = place - Double(lower)
        func mixed(_ channel: KeyPath<(red: Double, green: Double, blue: Double), Double>) -> Int {
            Int((anchors[lower][keyPath: channel] * (1 - part) + anchors[lower + 1][keyPath: channel] * part).rounded())
        }
        return "rgb(\(mixed(\.red)),\(mixed(\.green)),\(mixed(\.blue)))"
    }

    /// Round accuracies within the range, best first, each at least `distance` of the scale away from the one before.
    func marks(distance: Double) -> [Double] {
        let round = [1, 0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2, 0]
        return round.filter(range.contains).reduce(into: []) { marks, accuracy in
            if marks.last.map({ share(of: $0) - share(of: accuracy) >= distance }) ?? true { marks.append(accuracy) }
        }
    }
}
