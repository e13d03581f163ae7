import DigitAPI
import Testing

@testable import DigitClient
@testable import digitd

struct ExperimentTextTests {
    private func document(_ text: String) throws -> ExperimentDescription {
        try ServerJSON.decode(ExperimentDescription.self, from: Array(text.utf8))
    }

    @Test("a list is a row an experiment, and a name cannot break it")
    func table() throws {
        let experiments = [
            try document(ExperimentServer.document("running", name: "\"a\\nb\\u001b[2J\"", finished: 90, best: ExperimentServer.best)),
            try document(ExperimentServer.document("queued")),
        ]
        #expect(
            ExperimentText.table(of: experiments, width: nil) == #"""
                id                          name              state     %  best         created
                --------------------------  ----------------  -------  --  -----------  --------------------
                01KB3M9ZK4T7XQ2V5N8R6W1YHD  a\u{A}b\u{1B}[2J  running  50  svm 96.11 %  2026-11-23T17:00:00Z
                01KB3M9ZK4T7XQ2V5N8R6W1YHD                    queued    0               2026-11-23T17:00:00Z

                """#)
    }

    @Test("what came of an experiment: its best candidate, the models stored and why they were promoted or not")
    func succeeded() throws {
        let experiment = try document(
            ExperimentServer.document("succeeded", finished: 180, best: ExperimentServer.best, models: ExperimentServer.models))
        #expect(
            ExperimentText.summary(of: experiment) == """
                01KB3M9ZK4T7XQ2V5N8R6W1YHD succeeded
                180 of 180 trials
                best: svm C=10 gamma=0.03, 96.11 %
                svm: version 2 put into service: more accurate
                random-forest: not refitted: too little memory

                """)
    }

    @Test("a failure has its reason")
    func failed() throws {
        let text = ExperimentServer.document("failed", finished: 3, failure: "\"the disk is full\"")
        #expect(
            ExperimentText.summary(of: try document(text)) == """
                01KB3M9ZK4T7XQ2V5N8R6W1YHD failed: the disk is full
                3 of 180 trials

                """)
        #expect(
            ExperimentText.heading(of: try document(ExperimentServer.document("queued", name: "\"letters\"")))
                == "01KB3M9ZK4T7XQ2V5N8R6W1YHD (letters): semeion, 1593 rows; 18 candidates, 180 trials")
    }

    @Test(
        "numbers that could not be shown are refused by name",
        arguments: [
            (ExperimentServer.document("running", secondsLeft: "1e300"), "progress.secondsLeft"),
            (ExperimentServer.document("running", finished: 181), "progress.finishedTrials"),
            (ExperimentServer.document("running", best: #"{"classifier":"svm","mean_test_score":2,"params":{}}"#), "best.mean_test_score"),
            (ExperimentServer.document("sleeping"), "state"), (ExperimentServer.document("running", id: "1"), "id"),
            (ExperimentServer.document("running", models: "[{\"classifier\":1}]"), "models[0].classifier"),
        ])
    func malformed(text: String, field: String) {
        #expect(throws: HTTPClientError.malformedAnswer("the field '\(field)' is not what was expected")) { try document(text) }
    }
}
