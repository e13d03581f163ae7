import HTTPServing
import Testing

@Suite struct ModelEndpointsTests {
    private static let description = """
        {"accuracy":{"folds":10,"mean":0.9625,"standardDeviation":0.125},"active":true,"classes":[0,1,2,3,4,5,6,7,8,9],"created":null,\
        "dataset":{"name":"synthetic","rows":200,"sha256":"\(ServiceFixture.dataset.sha256)"},"default":true,"digitdVersion":"9.8.7",\
        "experiment":null,\
        "links":{"activate":"/models/svm/versions/0/activate","predict":"/predict?model=svm","report":"/models/svm/report",\
        "self":"/models/svm","version":"/models/svm/versions/0"},\
        "name":"svm","parameters":{"C":2.5,"gamma":null},\
        "reason":"it comes with digitd, and no other version was put into service","seed":42,\
        "trainingReport":{"converged":false,"measures":{"iterations":12}},"version":0,"versions":[0]}
        """

    @Test("a model is described with parameters, accuracy, provenance and links")
    func model() async throws {
        let answer = try await ServiceFixture().answer(.get, "/models/svm")
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text == ModelEndpointsTests.description + "\n")
    }

    @Test("a version in service is described as the model is, at its own address")
    func version() async throws {
        let expected = ModelEndpointsTests.description.replacing("\"self\":\"/models/svm\"", with: "\"self\":\"/models/svm/versions/0\"")
        #expect(try await ServiceFixture().answer(.get, "/models/svm/versions/0").text == expected + "\n")
    }

    private struct List: Decodable {
        struct Model: Decodable, Equatable {
            let name: String
            let version: Int
            let `default`: Bool
        }

        let `default`: String
        let models: [Model]
    }

    @Test("the list holds the descriptions of all models by name, and names the default one")
    func list() async throws {
        let fixture = try ServiceFixture()
        let answer = try await fixture.answer(.get, "/models")
        let list = try answer.decoded(List.self)
        #expect(list.default == "svm")
        #expect(
            list.models
                == [List.Model(name: "random-forest", version: 1, default: false), List.Model(name: "svm", version: 0, default: true)])
        let forest = try await fixture.answer(.get, "/models/random-forest").text.dropLast()
        #expect(
            answer.text == "{\"default\":\"svm\",\"defaultPinned\":false,\"defaultReason\":"
                + "\"of the models measured on the data and folds of svm 0 none is more accurate\",\"models\":[\(forest),\(ModelEndpointsTests.description)]}\n"
        )
    }

    @Test("the links of a description lead somewhere")
    func links() async throws {
        struct Described: Decodable { let links: [String: String] }
        let fixture = try ServiceFixture()
        let links = try await fixture.answer(.get, "/models/random-forest").decoded(Described.self).links
        #expect(links.keys.sorted() == ["activate", "predict", "report", "self", "version"])
        // Experiments are off: nothing can be activated.
        for (name, link) in links where name != "activate" {
            let answer =
                name == "predict"
                ? try await fixture.answer(.post, link, body: Array(Ink.hexadecimal(3).utf8)) : try await fixture.answer(.get, link)
            #expect(answer.status == .ok, "\(link)")
        }
    }

    @Test("the report is the document of the search that chose the models, byte for byte", arguments: ["svm", "random-forest"])
    func report(name: String) async throws {
        let answer = try await ServiceFixture().answer(.get, "/models/\(name)/report")
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.body == ServiceFixture.report)
    }

    @Test("models without a report have none to give")
    func noReport() async throws {
        let answer = try await ServiceFixture(report: nil).answer(.get, "/models/svm/report")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .notFound)
        #expect(problem.type == "urn:digitd:problem:no-report")
        #expect(problem.detail == "the search that chose svm left no report beside its model")
    }

    @Test(
        "an unknown model is 404 at each of its paths", arguments: ["/models/oracle", "/models/oracle/versions/1", "/models/oracle/report"])
    func unknownModel(path: String) async throws {
        let answer = try await ServiceFixture().answer(.get, path)
        #expect(answer.status == .notFound)
        #expect(try answer.decoded(Problem.self).detail == "expected a model named random-forest or svm, found 'oracle'")
    }

    @Test("an unknown version is 404, which lists the versions", arguments: ["1", "00", "-1", "latest", "%2B0"])
    func unknownVersion(version: String) async throws {
        let answer = try await ServiceFixture().answer(.get, "/models/svm/versions/\(version)")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .notFound)
        #expect(problem.type == "urn:digitd:problem:unknown-version")
        #expect(problem.detail == "expected version 0 of svm, found '\(version.replacing("%2B", with: "+"))'")
    }
}
