import DigitAPI
import HTTPServing
import Testing

@testable import DigitClient
@testable import digitd

struct ExperimentReferenceTests {
    private static let ids = ["01KB3M9ZK4T7XQ2V5N8R6W1YHD", "01KB3M9ZK4T7XQ2V5N8R6W1YHE", "01KA00000000000000000000ZZ"]
        .compactMap { ExperimentID($0) }

    @Test("an experiment is named by its id, a beginning of it or 'latest', in capital letters or small ones")
    func spellings() throws {
        #expect(ExperimentReference(argument: "01kb3m9zk4t7xq2v5n8r6w1yhd") == .whole(Self.ids[0]))
        #expect(ExperimentReference(argument: "01kb3m") == .beginning("01KB3M"))
        #expect(ExperimentReference(argument: "latest") == .latest)
        for text in ["", "01/", "0 1", "é"] { #expect(ExperimentReference(argument: text) == nil, "\(text)") }
    }

    @Test("a beginning that several experiments have, or none, is refused with what it could mean")
    func beginnings() throws {
        #expect(try ExperimentReference.only(of: Self.ids, beginning: "01KA") == Self.ids[2])
        #expect(throws: CommandFailure("no experiment's id begins with 02", status: .noInput)) {
            try ExperimentReference.only(of: Self.ids, beginning: "02")
        }
        #expect(
            throws: CommandFailure("the ids of 2 experiments begin with 01KB: \(Self.ids[0]), \(Self.ids[1])", status: .usage)
        ) {
            try ExperimentReference.only(of: Self.ids, beginning: "01KB")
        }
    }

    @Test("the newest of the server's experiments is the latest, and beginnings are looked up among all of its pages")
    func lookUp() async throws {
        try await withExperimentServer({ server in
            [
                server.route(.get, "/experiments") { request, _ in
                    let (id, next) = request.query("cursor") == nil ? (Self.ids[0], "\"/experiments?cursor=1\"") : (Self.ids[2], "null")
                    let document = ExperimentServer.document("running", id: "\(id)")
                    return ExperimentServer.json("{\"experiments\":[\(document)],\"next\":\(next)}")
                }
            ]
        }) { _, address in
            let client = ExperimentClient(server: address)
            let found = try [ExperimentReference.latest, .beginning("01KA")].map { try $0.id(client) }
            #expect(found == [Self.ids[0], Self.ids[2]])
        }
    }
}
