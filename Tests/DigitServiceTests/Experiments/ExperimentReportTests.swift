import DigitAPI
import HTTPServing
import ModelSelection
import Testing

@testable import Experiments

/// `GET /experiments/{id}/report`.
@Suite struct ExperimentReportTests {
    /// What a report says of its experiment.
    private struct About: Decodable {
        struct Subject: Decodable {
            let id: ExperimentID
            let request: NewExperiment
            let models: [PromotionDecision]
        }

        let experiment: Subject
    }

    @Test("a report is there from the beginning, and has what is measured so far")
    func partial() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let path = experiment.path + "/report"
        let empty = try await fixture.get(path)
        #expect(empty.status == .ok)
        #expect(empty.headers["Content-Type"] == "application/json")
        var report = try empty.decoded(SearchReport.self)
        #expect(!report.complete)
        #expect(report.cvResults.meanTestScore == [nil, nil])
        #expect(report.best.isEmpty)

        let started = try fixture.begin()
        try started.record(candidate: 0, fold: 0, wrongCount: 2)
        try started.record(candidate: 0, fold: 1, wrongCount: 3)
        try started.record(candidate: 1, fold: 0, wrongCount: 1)
        let part = try await fixture.get(path)
        report = try part.decoded(SearchReport.self)
        #expect(!report.complete)
        #expect(report.cvResults.splitTestScore == [[0.9, 0.95], [0.85, nil]])
        #expect(report.cvResults.meanTestScore == [0.875, nil])
        #expect(report.cvResults.rankTestScore == [1, nil])
        #expect(report.best.map(\.index) == [0])
        #expect(try part.decoded(About.self).experiment.id == experiment.id)
    }

    @Test("the report of an experiment that has succeeded is complete, and is the one that was written down")
    func complete() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.recordAll()
        // All is measured; what becomes of it is yet to be written down.
        let measured = try await fixture.get(experiment.path + "/report").decoded(SearchReport.self)
        #expect(measured.complete)
        let document = try started.report()
        try started.succeed()
        let answer = try await fixture.get(experiment.path + "/report")
        #expect(answer.body == document)
        let report = try answer.decoded(SearchReport.self)
        #expect(report.complete)
        #expect(report.format == "digitd-report")
        #expect(report.dataset == SearchReport.Dataset(ExperimentFixture.rows))
        #expect(report.folds.testRows == [20, 20])
        #expect(report.cvResults.splitTestScore == [[0.9, 0.95], [0.9, 1]])
        #expect(report.cvResults.rankTestScore == [2, 1])
        #expect(report.cvResults.meanFitTime == [0.25, 0.25])
        #expect(report.best.map(\.index) == [1])
        let about = try answer.decoded(About.self).experiment
        #expect(about.id == experiment.id)
        #expect(about.request == experiment.request)
        #expect(about.models.isEmpty)
    }

    @Test("a report says how many trials earlier runs had finished when the last one began")
    func resumed() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let first = try fixture.begin()
        #expect(try await fixture.get(experiment.path + "/report").decoded(SearchReport.self).resumedTrials == 0)
        try first.record(candidate: 0, fold: 0, wrongCount: 2)
        try first.record(candidate: 0, fold: 1, wrongCount: 3)
        try fixture.store.release(first.id, runSeconds: 1)
        let second = try fixture.begin()
        try second.record(candidate: 1, fold: 0, wrongCount: 1)
        #expect(try await fixture.get(experiment.path + "/report").decoded(SearchReport.self).resumedTrials == 2)
        try second.record(candidate: 1, fold: 1, wrongCount: 1)
        try second.succeed()
        #expect(try await fixture.get(experiment.path + "/report").decoded(SearchReport.self).resumedTrials == 2)
    }

    @Test("a report has trials that failed with their reason")
    func failures() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(Trial(candidate: 1, fold: 0, outcome: .failed(reason: "killed, \"out of memory\"")))
        let report = try await fixture.get(experiment.path + "/report").decoded(SearchReport.self)
        #expect(report.errors.map { "\($0.index) \($0.fold) \($0.reason)" } == ["1 0 killed, \"out of memory\""])
    }

    @Test("an experiment that ended without a report still reports what it had measured", arguments: [ExperimentState.failed, .cancelled])
    func endedWithoutReport(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(candidate: 1, fold: 1, wrongCount: 4)
        if state == .cancelled { _ = try await fixture.answer(.post, experiment.path + "/cancel") }
        try fixture.store.end(started.id, as: state, failure: nil, report: nil, runSeconds: 1)
        let report = try await fixture.get(experiment.path + "/report").decoded(SearchReport.self)
        #expect(!report.complete)
        #expect(report.cvResults.splitTestScore == [[nil, nil], [nil, 0.8]])
    }

    @Test(
        "who prefers CSV gets a line a candidate",
        arguments: [
            "text/csv", "text/*", "text/csv, application/json;q=0.5", "TEXT/CSV;header=present", "application/json;q=0.1, text/csv;q=0.2",
        ])
    func commaSeparated(accept: String) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        try fixture.begin().recordAll()
        let answer = try await fixture.answer(.get, experiment.path + "/report", headers: ["Accept": accept])
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present")
        let lines = try records(answer.text)
        #expect(
            lines == [
                [
                    "rank_test_score", "classifier", "param_alpha", "mean_test_score", "std_test_score", "split0_test_score",
                    "split1_test_score", "mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time",
                ],
                ["2", "multinomial-naive-bayes", "0.5", "0.9", "0.0", "0.9", "0.9", "0.25", "0.0", "0.5", "0.0"],
                ["1", "multinomial-naive-bayes", "1", "0.975", lines[2][4], "0.95", "1.0", "0.25", "0.0", "0.5", "0.0"],
            ])
        #expect(abs(try #require(Double(lines[2][4])) - 0.025) < 1e-12)
    }

    @Test("CSV has a line for every candidate before anything is measured, with nothing where there is nothing")
    func commaSeparatedBeforehand() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit(
            """
            {"dataset":"small","folds":2,"search":[{"classifier":"svm","grid":{"C":[1,10],"gamma":[0.01]}},
             {"classifier":"multinomial-naive-bayes","grid":{"alpha":[0,1,2]}}]}
            """)
        let lines = try records(
            try await fixture.answer(.get, experiment.path + "/report", headers: ["Accept": "text/csv"]).text)
        #expect(lines.count == 1 + 5)
        #expect(lines[0].prefix(6) == ["rank_test_score", "classifier", "param_C", "param_alpha", "param_gamma", "mean_test_score"])
        #expect(
            lines.dropFirst().map { $0[1...4].joined(separator: "|") }.sorted() == [
                "multinomial-naive-bayes||0|", "multinomial-naive-bayes||1|", "multinomial-naive-bayes||2|", "svm|10||0.01", "svm|1||0.01",
            ])
        for line in lines.dropFirst() { #expect(line[0].isEmpty && line[5...].allSatisfy(\.isEmpty)) }
    }

    @Test(
        "who does not prefer CSV gets JSON",
        arguments: [nil, "*/*", "application/json", "application/json, text/csv", "text/plain", "text/csv;q=0.5, */*", "text/csv;q=0"])
    func json(accept: String?) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let answer = try await fixture.answer(
            .get, experiment.path + "/report", headers: accept.map { ["Accept": $0] } ?? [:])
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text.hasPrefix("{"))
    }

    /// Reads comma-separated values as RFC 4180 has them: each record ended by CR LF, quotes doubled within quotes, records of equal length.
    private func records(_ text: String) throws -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else { field.append(byte); continue }
                if index < bytes.count, bytes[index] == byte { field.append(byte); index += 1 } else { isQuoted = false }
            } else if byte == UInt8(ascii: "\""), field.isEmpty {
                isQuoted = true
            } else if byte == UInt8(ascii: ",") {
                record.append(String(decoding: field, as: UTF8.self))
                field = []
            } else if byte == 13 {
                try #require(index < bytes.count && bytes[index] == 10)
                index += 1
                records.append(record + [String(decoding: field, as: UTF8.self)])
                (record, field) = ([], [])
            } else {
                try #require(byte != 10)
                field.append(byte)
            }
        }
        #expect(field.isEmpty && record.isEmpty && !isQuoted)
        #expect(Set(records.map(\.count)).count == 1)
        return records
    }
}
