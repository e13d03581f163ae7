import Classifiers
import Experiments
import HTTPServing
import ModelFiles
import Threads

/// The models in service now. A request takes the current ones and keeps them to its end; replacing them is atomic.
public final class CurrentModels: Sendable {
    private let published: Locked<PublishedModels>

    /// - Parameter versions: all that can be put into service, those in service among them.
    public init(_ snapshot: ModelSnapshot, versions: [ModelVersion]) {
        published = Locked(PublishedModels(snapshot, versions: versions))
    }

    /// Puts other models into service, from the next request on.
    public func replace(with snapshot: ModelSnapshot, versions: [ModelVersion]) {
        // Prepared before the lock is taken, so that no request waits for it.
        let prepared = PublishedModels(snapshot, versions: versions)
        published.withLock { $0 = prepared }
    }

    /// The models in service, by name in alphabetical order.
    public var served: [ServedModel] { now.models.map(\.served) }

    var now: PublishedModels { published.withLock { $0 } }
}
