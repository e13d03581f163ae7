import DigitAPI

/// Models in words, for the terminal.
enum ModelText {
    /// The models in service, a row each, and the default with its reason.
    static func text(of list: ModelList, width: Int?) -> String {
        var table = TextTable([
            ("model", .left), ("version", .right), ("versions", .left), ("accuracy", .right), ("data set", .left),
            ("in service since", .left),
        ])
        for model in list.models {
            let accuracy = "\((model.accuracy.mean * 100).decimals(2)) ± \(model.accuracy.standardDeviation.percent)"
            table.append([
                model.name.rawValue, "\(model.version)", model.versions.map { "\($0)" }.joined(separator: " "), accuracy,
                "\(model.dataset.name), \(model.dataset.rows) rows", model.reason ?? "",
            ])
        }
        let choice = DefaultModel(model: list.default, pinned: list.defaultPinned, reason: list.defaultReason)
        return table.text(width: width) + line(of: choice).wrapped(toWidth: width)
    }

    /// `default: svm, pinned (…)`
    static func line(of choice: DefaultModel) -> String {
        "default: \(choice.model.rawValue)\(choice.pinned ? ", pinned" : ""): \(choice.reason.printable)\n"
    }

    /// Changes, a row each.
    static func table(of changes: [ModelChangeDescription], width: Int?) -> String {
        var table = TextTable([("time", .left), ("change", .left), ("from", .left), ("to", .left), ("reason", .left)])
        for change in changes { table.append([change.time, change.action, name(change.from), name(change.to), change.reason]) }
        return table.text(width: width)
    }

    /// `svm 2`
    private static func name(_ model: ModelChangeDescription.Model?) -> String {
        model.map { "\($0.name.rawValue) \($0.version)" } ?? ""
    }
}
