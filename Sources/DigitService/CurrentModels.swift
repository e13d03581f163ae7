import Classifiers
import HTTPServing
import ModelFiles

/// The models in service now. A request takes the current ones and keeps them to its end; replacing them is atomic.
public final class CurrentModels: Sendable {
    private let published: Locked<PublishedModels>

    public init(_ snapshot: ModelSnapshot) {
        published = Locked(PublishedModels(snapshot))
    }

    /// Puts other models into service, from the next request on.
    public func replace(with snapshot: ModelSnapshot) {
        // Prepared before the lock is taken, so that no request waits for it.
        let prepared = PublishedModels(snapshot)
        published.withLock { $0 = prepared }
    }

    /// Puts the models of a folder into service; where one of them is bad, those in service stay.
    ///
    /// - Throws: `ModelFileError` naming the file that is not a whole model document.
    public func reload(folder: String) throws(ModelFileError) {
        replace(with: try ModelSnapshot(folder: folder))
    }

    /// The models in service, by name in alphabetical order.
    public var served: [ServedModel] { now.models.map(\.served) }

    var now: PublishedModels { published.withLock { $0 } }
}
