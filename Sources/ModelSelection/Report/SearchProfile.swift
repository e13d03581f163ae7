import Classifiers

/// Where the time of a search went, for one job and for several, as measured.
public struct SearchProfile: Codable, Sendable {
    /// Jobs of the parallel runs.
    public let jobs: Int
    /// The whole search.
    public let total: Line
    /// Each classifier's candidates as a search of their own.
    public let classifiers: [ClassifierLine]

    public struct Line: Codable, Sendable {
        public let candidates: Int
        /// Seconds of fitting with one job.
        public let fitSeconds: Double
        /// Seconds of predicting the held-out rows with one job.
        public let scoreSeconds: Double
        /// Part of all classifiers' busy seconds with one job, 0...1.
        public let share: Double
        public let wallSecondsOneJob: Double
        public let wallSeconds: Double
        /// Seconds with one job over seconds with several.
        public let speedUp: Double
        /// Speed-up over jobs, 1 where no job was ever idle or slowed down by another.
        public let efficiency: Double
        /// With several jobs, from when the first found no work left to the end.
        public let idleTailSeconds: Double

        enum CodingKeys: String, CodingKey {
            case candidates, share, efficiency
            case fitSeconds = "fit_seconds"
            case scoreSeconds = "score_seconds"
            case wallSecondsOneJob = "wall_seconds_one_job"
            case wallSeconds = "wall_seconds"
            case speedUp = "speed_up"
            case idleTailSeconds = "idle_tail_seconds"
        }

        /// - Parameter wholeBusySeconds: of all classifiers with one job.
        init(candidateCount: Int, oneJob: SearchTiming, severalJobs: SearchTiming, jobCount: Int, wholeBusySeconds: Double) {
            candidates = candidateCount
            fitSeconds = oneJob.work.reduce(0) { $0 + $1.fitSeconds }
            scoreSeconds = oneJob.work.reduce(0) { $0 + $1.scoreSeconds }
            share = wholeBusySeconds > 0 ? oneJob.busySeconds / wholeBusySeconds : 0
            wallSecondsOneJob = oneJob.wallSeconds
            wallSeconds = severalJobs.wallSeconds
            speedUp = severalJobs.wallSeconds > 0 ? oneJob.wallSeconds / severalJobs.wallSeconds : 1
            efficiency = speedUp / Double(jobCount)
            idleTailSeconds = severalJobs.idleTailSeconds
        }
    }

    public struct ClassifierLine: Codable, Sendable {
        public let classifier: ClassifierName
        public let line: Line

        private enum CodingKeys: String, CodingKey {
            case classifier
        }

        init(classifier: ClassifierName, line: Line) {
            self.classifier = classifier
            self.line = line
        }

        public init(from decoder: any Decoder) throws {
            classifier = try decoder.container(keyedBy: CodingKeys.self).decode(ClassifierName.self, forKey: .classifier)
            line = try Line(from: decoder)
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(classifier, forKey: .classifier)
            try line.encode(to: encoder)
        }
    }

    /// One measured part of the profile: a search with one job and with several.
    public struct Measurement: Sendable {
        public let search: GridSearch
        public let oneJob: SearchTiming
        public let severalJobs: SearchTiming

        public init(search: GridSearch, oneJob: SearchTiming, severalJobs: SearchTiming) {
            self.search = search
            self.oneJob = oneJob
            self.severalJobs = severalJobs
        }
    }

    /// - Parameters:
    ///   - whole: the whole search.
    ///   - parts: the candidates of each classifier, `GridSearch.searchesOfEachClassifier`.
    public init(whole: Measurement, parts: [Measurement], jobCount: Int) {
        func line(_ measurement: Measurement, of wholeBusySeconds: Double) -> Line {
            Line(
                candidateCount: measurement.search.space.rows.count, oneJob: measurement.oneJob, severalJobs: measurement.severalJobs,
                jobCount: jobCount, wholeBusySeconds: wholeBusySeconds)
        }
        jobs = jobCount
        total = line(whole, of: whole.oneJob.busySeconds)
        let partsBusySeconds = parts.reduce(0) { $0 + $1.oneJob.busySeconds }
        classifiers = parts.map {
            ClassifierLine(classifier: $0.search.space.rows[0].candidate.classifier, line: line($0, of: partsBusySeconds))
        }
    }
}

extension GridSearch {
    /// The candidates of each classifier as a search of their own, on the same folds and with the same seed.
    public func searchesOfEachClassifier() throws(SearchError) -> [GridSearch] {
        var searches: [GridSearch] = []
        for rows in Dictionary(grouping: space.rows, by: \.candidate.classifier).values.sorted(by: { first(of: $0) < first(of: $1) }) {
            searches.append(try GridSearch(space: SearchSpace(rows: rows), dataset: dataset, folds: folds, seed: seed))
        }
        return searches
    }

    private func first(of rows: [SearchSpace.Row]) -> Int { space.rows.firstIndex(of: rows[0]) ?? 0 }
}
