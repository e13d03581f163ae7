import ModelSelection

/// Where the time of a search went, as the terminal shows it.
enum ProfileTable {
    static func text(of profile: SearchProfile, isTheStudy: Bool, width: Int?) -> String {
        var table = TextTable([
            ("classifier", .left), ("candidates", .right), ("fit", .right), ("score", .right), ("share", .right), ("1 job", .right),
            ("\(profile.jobs) jobs", .right), ("speed-up", .right), ("efficiency", .right), ("idle tail", .right),
        ])
        func append(_ name: String, _ line: SearchProfile.Line) {
            table.append([
                name, "\(line.candidates)", seconds(line.fitSeconds), seconds(line.scoreSeconds), line.share.percent,
                seconds(line.wallSecondsOneJob), seconds(line.wallSeconds), line.speedUp.decimals(2), line.efficiency.percent,
                seconds(line.idleTailSeconds),
            ])
        }
        for classifier in profile.classifiers { append(classifier.classifier.rawValue, classifier.line) }
        append("all together", profile.total)
        var text = table.text(width: width)
        if isTheStudy {
            text +=
                "The study (2016, scikit-learn 0.17, i7-6700K): \(StudyReference.studySecondsOneProcess.decimals(1)) s in one process, "
                + "\(StudyReference.studySecondsEightThreads.decimals(1)) s on 8 threads\n"
        }
        return text
    }

    private static func seconds(_ seconds: Double) -> String { seconds.decimals(3) + " s" }
}
