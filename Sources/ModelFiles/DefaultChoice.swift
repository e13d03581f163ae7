import Classifiers
import ModelSelection

/// Which classifier answers where a request names none, and why.
///
/// Whoever runs the server may pin one. Otherwise the choice changes only between models whose accuracies can be compared: those that were
/// cross-validated on the same data and the same folds. A model that is right about all of some easier data set says nothing of this one.
public struct DefaultChoice: Hashable, Sendable {
    public let classifier: ClassifierName
    /// Whether somebody has pinned it; else it follows from accuracies.
    public let isPinned: Bool
    /// Whether a setting has pinned it: that holds as long as the setting does, and is not remembered.
    public let isPinnedBySetting: Bool
    /// In words.
    public let reason: String

    /// - Parameter reason: who or what has pinned it.
    public static func pinned(_ classifier: ClassifierName, reason: String) -> DefaultChoice {
        DefaultChoice(classifier: classifier, isPinned: true, reason: reason)
    }

    /// - Parameter name: of the setting.
    public static func pinned(_ classifier: ClassifierName, bySetting name: String) -> DefaultChoice {
        DefaultChoice(classifier: classifier, isPinned: true, isPinnedBySetting: true, reason: "the setting '\(name)'")
    }

    /// A choice that was made before, which gives way to a comparable model that is more accurate.
    public static func following(_ classifier: ClassifierName) -> DefaultChoice {
        DefaultChoice(classifier: classifier, isPinned: false, reason: "")
    }

    /// The choice among models in service.
    ///
    /// - Parameters:
    ///   - models: at least one, by name.
    ///   - previous: the choice before, which stands where nothing comparable is better; nil where there was none. Where its classifier
    ///     serves no more, those that come with digitd are looked at first: of others nobody knows whether they can be compared.
    init(among models: [LoadedModel], previous: DefaultChoice?) {
        let known = models.first { $0.name == previous?.classifier }
        if let previous, previous.isPinned, known != nil {
            self = previous
            return
        }
        let shipped = previous == nil ? [] : models.filter { $0.version.number == ModelVersion.shipped }
        let base = known ?? DefaultChoice.mostAccurate(of: shipped.isEmpty ? models : shipped)
        let best = DefaultChoice.mostAccurate(of: [base] + models.filter { $0.isMeasured(as: base) })
        self.init(
            classifier: best.name, isPinned: false,
            reason: "of the models measured on the data and folds of \(best.name.rawValue) \(best.version.number) none is more accurate")
    }

    private init(classifier: ClassifierName, isPinned: Bool, isPinnedBySetting: Bool = false, reason: String) {
        self.classifier = classifier
        self.isPinned = isPinned
        self.isPinnedBySetting = isPinnedBySetting
        self.reason = reason
    }

    /// The first of equals.
    private static func mostAccurate(of models: [LoadedModel]) -> LoadedModel {
        models.dropFirst().reduce(models[0]) { best, model in
            model.training.crossValidation.accuracyMean > best.training.crossValidation.accuracyMean ? model : best
        }
    }
}

extension LoadedModel {
    /// Whether the accuracies of both come from the same folds of the same rows.
    fileprivate func isMeasured(as other: LoadedModel) -> Bool {
        let (own, others) = (training.crossValidation, other.training.crossValidation)
        guard
            training.dataset.sha256 == other.training.dataset.sha256, own.folds == others.folds, own.foldKind == others.foldKind
        else { return false }
        // The seed draws folds, except those of a file.
        return own.foldKind == .file
            ? own.foldsSHA256 != nil && own.foldsSHA256 == others.foldsSHA256 : training.seed == other.training.seed
    }
}
