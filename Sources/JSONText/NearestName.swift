/// What was probably meant by a name that is not known: for messages about fields, query items, settings.
extension String {
    /// The known name that is written most like this one; nil where none is so near that a slip of the pen explains the difference.
    ///
    /// Nearness is the restricted Damerau-Levenshtein distance: characters added, left out, replaced, and neighbours that changed places, each
    /// counted as one. Case counts for nothing. A third of the longer name may differ; of several names that are equally near the first is taken.
    package func nearest(among known: some Sequence<String>) -> String? {
        // A client chooses how long a name is, and the distance takes the product of both lengths.
        guard utf8.count <= 100 else { return nil }
        var nearest: (name: String, distance: Int)?
        for name in known {
            let distance = String.distance(from: Array(lowercased()), to: Array(name.lowercased()))
            guard distance * 3 <= Swift.max(count, name.count), distance < nearest?.distance ?? .max else { continue }
            nearest = (name, distance)
        }
        return nearest?.name
    }

    /// `; did you mean 'gamma'?`, or nothing where no known name is near.
    package func suggestion(among known: some Sequence<String>) -> String {
        nearest(among: known).map { "; did you mean '\($0)'?" } ?? ""
    }

    private static func distance(from source: [Character], to target: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...target.count)
        for row in source.indices {
            var current = [row + 1]
            for column in target.indices {
                var distance = Swift.min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (source[row] == target[column] ? 0 : 1))
                if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                    distance = Swift.min(distance, beforeLast[column - 1] + 1)
                }
                current.append(distance)
            }
            (beforeLast, last) = (last, current)
        }
        return last[target.count]
    }
}
