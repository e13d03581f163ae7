import ArgumentParser
import DigitAPI
import DigitClient

/// An experiment as people name it: its id, as much of the beginning as no other experiment has, or `latest`.
enum ExperimentReference: Hashable, ExpressibleByArgument {
    case whole(ExperimentID)
    /// In capital letters.
    case beginning(String)
    case latest

    static let help: ArgumentHelp = "The experiment: its id, the beginning of the id as far as no other has it, or 'latest'."

    private static let latestName = "latest"
    /// Of ids that a message lists.
    private static let listedCount = 3

    /// Small letters are taken too: whoever types an id may not look.
    init?(argument: String) {
        let id = argument.uppercased()
        if argument.lowercased() == ExperimentReference.latestName {
            self = .latest
        } else if let id = ExperimentID(id) {
            self = .whole(id)
        } else if !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            self = .beginning(id)
        } else {
            return nil
        }
    }

    static var defaultCompletionKind: CompletionKind { .list([latestName]) }

    /// The id that is meant, which is looked up on the server where it is not whole.
    ///
    /// - Throws: `CommandFailure` where no experiment is meant, or several; as the client does.
    func id(_ client: ExperimentClient) throws -> ExperimentID {
        switch self {
        case .whole(let id): return id
        case .latest:
            guard let newest = try client.experiments(ExperimentDescription.self, state: nil, limit: 1).first else {
                throw CommandFailure("there is no experiment yet", status: .noInput)
            }
            return newest.id
        case .beginning(let text):
            let ids = try client.experiments(ExperimentDescription.self, state: nil, limit: .max).map(\.id)
            return try ExperimentReference.only(of: ids, beginning: text)
        }
    }

    /// - Throws: `CommandFailure`.
    static func only(of ids: [ExperimentID], beginning text: String) throws(CommandFailure) -> ExperimentID {
        let matches = ids.filter { $0.description.hasPrefix(text) }
        guard let match = matches.first else { throw CommandFailure("no experiment's id begins with \(text)", status: .noInput) }
        guard matches.count == 1 else {
            let listed = matches.prefix(listedCount).map(\.description).joined(separator: ", ")
            let more = matches.count > listedCount ? " and \(matches.count - listedCount) more" : ""
            throw CommandFailure("the ids of \(matches.count) experiments begin with \(text): \(listed)\(more)", status: .usage)
        }
        return match
    }
}
