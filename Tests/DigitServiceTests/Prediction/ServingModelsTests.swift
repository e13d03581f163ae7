import Testing

@Suite struct ServingModelsTests {
    @Test("other models answer from the next request on, and are described")
    func replaced() async throws {
        let fixture = try ServiceFixture()
        #expect(try await fixture.predict(Ink.packed(7), type: "application/octet-stream", accept: "text/plain").text == "7\n")
        fixture.models.serve(try ServiceFixture.models(InkModel(version: 2)))
        #expect(fixture.models.current.models.map(\.version.number) == [1, 2])
        #expect(try await fixture.predict(Ink.packed(7), type: "application/octet-stream", accept: "text/plain").text == "9\n")
        #expect(try await fixture.predict(Ink.packed(7), type: "application/octet-stream").decoded(ManyPredictions.self).model.version == 2)
        #expect(try await fixture.answer(.get, "/models/svm/versions/2").status == .ok)
        #expect(try await fixture.answer(.get, "/models/svm/versions/0").status == .notFound)
        // The new models came without a report: the old one is not theirs.
        #expect(try await fixture.answer(.get, "/models/svm/report").status == .notFound)
    }

    @Test("a request keeps the models that it began with")
    func keptToTheEnd() async throws {
        let fixture = try ServiceFixture()
        let next = try ServiceFixture.models(InkModel(version: 2))
        let models = fixture.models
        models.serve(try ServiceFixture.models(InkModel(version: 1) { models.serve(next) }))
        let during = try await fixture.predict([3, 4, 5].flatMap(Ink.packed), type: "application/octet-stream").decoded(
            ManyPredictions.self)
        #expect(during.predictions.map(\.digit) == [4, 5, 6])
        #expect(during.model == OnePrediction.Model(name: "svm", version: 1))
        let after = try await fixture.predict([3, 4, 5].flatMap(Ink.packed), type: "application/octet-stream").decoded(ManyPredictions.self)
        #expect(after.predictions.map(\.digit) == [5, 6, 7])
        #expect(after.model == OnePrediction.Model(name: "svm", version: 2))
    }

    @Test("requests while models are replaced again and again are each answered by one model")
    func replacedUnderLoad() async throws {
        let fixture = try ServiceFixture()
        let sets = try (0..<8).map { try ServiceFixture.models(InkModel(version: $0)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<400 { fixture.models.serve(sets[round % 8]) }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<400 {
                        let answer = try await fixture.predict(Ink.packed(1) + Ink.packed(2), type: "application/octet-stream").decoded(
                            ManyPredictions.self)
                        #expect(answer.predictions.map { Int($0.digit) } == [answer.model.version + 1, answer.model.version + 2])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
