import Testing

@testable import Experiments

@Suite struct PromotionDecisionTests {
    private func timing(faster: Int) -> PredictionTiming {
        PredictionTiming(microseconds: 1, rivalMicroseconds: 2, fasterRounds: faster, rounds: 21)
    }

    private func decision(
        _ promotion: ExperimentRequest.Promotion, wins: Int, losses: Int, p: Double, faster: Int? = nil
    ) -> PromotionDecision {
        PromotionDecision(
            .svm, version: 4, accuracy: 0.97, promotion: promotion,
            comparison: PromotionDecision.Comparison(
                classifier: .svm, version: 1, accuracy: 0.96, onlyNewCorrect: wins, onlyServingCorrect: losses, pValue: p,
                timing: faster.map(timing)), failure: nil)
    }

    @Test("only what is more accurate beyond chance, or no less accurate and measurably faster, takes the place")
    func ifBetter() {
        // 12 wins to 3: p = 0.0176; 10 to 5: p = 0.151 (exact binomial).
        #expect(decision(.ifBetter, wins: 12, losses: 3, p: 0.0176).promoted)
        #expect(!decision(.ifBetter, wins: 10, losses: 5, p: 0.151).promoted)
        #expect(!decision(.ifBetter, wins: 10, losses: 4, p: 0.05).promoted)
        #expect(decision(.ifBetter, wins: 0, losses: 0, p: 1, faster: 21).promoted)
        #expect(decision(.ifBetter, wins: 10, losses: 5, p: 0.151, faster: 16).promoted)
        #expect(!decision(.ifBetter, wins: 4, losses: 5, p: 0.7, faster: 21).promoted)
        #expect(!decision(.ifBetter, wins: 0, losses: 0, p: 1, faster: 10).promoted)
    }

    @Test("sixteen of 21 rounds are won by chance once in 75 times, fifteen once in 26, fourteen once in 11")
    func faster() {
        // P(X >= 15) = 0.0392, P(X >= 14) = 0.0946 for X binomial with 21 trials of 1/2.
        #expect(timing(faster: 16).isFaster)
        #expect(timing(faster: 15).isFaster)
        #expect(!timing(faster: 14).isFaster)
    }

    @Test("what is faster in every round, but by less than a twentieth, is not measurably faster")
    func hardlyFaster() {
        func timing(_ microseconds: Double) -> PredictionTiming {
            PredictionTiming(microseconds: microseconds, rivalMicroseconds: 2, fasterRounds: 21, rounds: 21)
        }
        #expect(timing(1.9).isFaster)
        #expect(!timing(1.91).isFaster)
    }

    @Test("never and always do what they say, whatever the numbers")
    func others() {
        #expect(!decision(.never, wins: 50, losses: 0, p: 1e-9).promoted)
        #expect(decision(.always, wins: 0, losses: 50, p: 1).promoted)
        #expect(decision(.never, wins: 50, losses: 0, p: 1e-9).decision == "version 4 stored")
        #expect(decision(.always, wins: 0, losses: 50, p: 1).decision == "version 4 put into service: promotion was asked for")
    }

    @Test("the decision says what it rests on")
    func words() {
        #expect(
            decision(.ifBetter, wins: 12, losses: 3, p: 0.0176).decision
                == "version 4 put into service: more accurate than svm 1 (p = 0.018)")
        #expect(
            decision(.ifBetter, wins: 10, losses: 5, p: 0.151).decision
                == "version 4 stored, not put into service: svm 1 is not beaten (10 rows to 5, p = 0.151)")
        let lost = PromotionDecision(.svm, version: nil, accuracy: 0.9, promotion: .always, comparison: nil, failure: "no memory")
        #expect(!lost.promoted)
        #expect(lost.decision == "not refitted: no memory")
        let alone = PromotionDecision(.svm, version: 2, accuracy: 0.9, promotion: .ifBetter, comparison: nil, failure: nil)
        #expect(!alone.promoted)
    }
}
