import DigitAPI
import Testing

@testable import Experiments

@Suite struct PromotionDecisionTests {
    private func timing(faster: Int) -> PredictionTiming {
        PredictionTiming(microseconds: 1, rivalMicroseconds: 2, fasterRounds: faster, rounds: 21)
    }

    private func decision(
        _ promotion: Promotion, difference: Double, p: Double, faster: Int? = nil, repeats: Int = 3
    ) -> PromotionDecision {
        PromotionDecision(
            .svm, version: 4, accuracy: 0.97, promotion: promotion,
            evidence: PromotionEvidence(
                comparison: PromotionDecision.Comparison(
                    classifier: .svm, version: 1, accuracy: 0.96, meanDifference: difference, standardError: 0.002, pValue: p,
                    repeats: repeats, folds: 10, timing: faster.map(timing))), failure: nil)
    }

    @Test("only what is more accurate beyond chance, or no less accurate and measurably faster, takes the place")
    func ifBetter() {
        #expect(decision(.ifBetter, difference: 0.006, p: 0.0176).promoted)
        #expect(!decision(.ifBetter, difference: 0.003, p: 0.151).promoted)
        #expect(!decision(.ifBetter, difference: 0.004, p: 0.05).promoted)
        #expect(!decision(.ifBetter, difference: -0.006, p: 0.0176).promoted)
        #expect(decision(.ifBetter, difference: 0, p: 1, faster: 21).promoted)
        #expect(decision(.ifBetter, difference: 0.003, p: 0.151, faster: 16).promoted)
        #expect(!decision(.ifBetter, difference: -0.0001, p: 0.9, faster: 21).promoted)
        #expect(!decision(.ifBetter, difference: 0, p: 1, faster: 10).promoted)
    }

    @Test("equal hyperparameters never take each other's place, however the clock went")
    func equalHyperparameters() {
        let decision = decision(.ifBetter, difference: 0, p: 1, faster: 21, repeats: 0)
        #expect(!decision.promoted)
        #expect(decision.decision == "version 4 stored, not put into service: svm 1 has the same hyperparameters")
    }

    @Test("a model that knows fewer digits is refused whatever is asked for, unless the request allows it")
    func fewerDigits() {
        func decision(_ promotion: Promotion, allowsFewerClasses: Bool) -> PromotionDecision {
            PromotionDecision(
                .svm, version: 4, accuracy: 1, promotion: promotion, allowsFewerClasses: allowsFewerClasses,
                evidence: PromotionEvidence(
                    comparison: PromotionDecision.Comparison(
                        classifier: .svm, version: 1, accuracy: 0.96, meanDifference: 0.04, standardError: 0.002, pValue: 1e-9, repeats: 3,
                        folds: 10, timing: nil), missingDigits: [2, 9]), failure: nil)
        }
        for promotion in [Promotion.always, .ifBetter] {
            #expect(!decision(promotion, allowsFewerClasses: false).promoted)
            #expect(
                decision(promotion, allowsFewerClasses: false).decision
                    == "version 4 stored, not put into service: it does not know 2, 9, which the model in service does")
            #expect(decision(promotion, allowsFewerClasses: true).promoted)
        }
        #expect(decision(.never, allowsFewerClasses: true).decision == "version 4 stored")
    }

    @Test("what is better on its own data has to be no worse on that of the model in service")
    func otherGround() {
        func decision(_ correct: Int?, failure: String? = nil) -> PromotionDecision {
            let ground = correct.map {
                PromotionDecision.Ground(dataset: "semeion", sha256: "a9", rows: 1_593, correct: $0, servingCorrect: 1_530)
            }
            return PromotionDecision(
                .svm, version: 4, accuracy: 1, promotion: .ifBetter,
                evidence: PromotionEvidence(
                    comparison: PromotionDecision.Comparison(
                        classifier: .svm, version: 1, accuracy: 0.96, meanDifference: 0.04, standardError: 0.002, pValue: 1e-9, repeats: 3,
                        folds: 10, timing: nil, ground: ground), groundFailure: failure), failure: nil)
        }
        #expect(decision(1_530).promoted)
        #expect(!decision(1_529).promoted)
        #expect(
            decision(620).decision
                == "version 4 stored, not put into service: of 1593 rows of semeion, which svm 1 was trained on, "
                + "it answers 620 rightly, and svm 1 1530")
        #expect(
            decision(nil, failure: "its rows are gone").decision
                == "version 4 stored, not put into service: svm 1 was trained on other data, on which the two could not be compared: "
                + "its rows are gone")
    }

    @Test("sixteen of 21 rounds are won by chance once in 75 times, fifteen once in 26, fourteen once in 11")
    func faster() {
        // P(X >= 15) = 0.0392, P(X >= 14) = 0.0946 for X binomial with 21 trials of 1/2.
        #expect(timing(faster: 16).isFaster)
        #expect(timing(faster: 15).isFaster)
        #expect(!timing(faster: 14).isFaster)
    }

    @Test("what is faster in every round, but by less than a fifth, is not measurably faster")
    func hardlyFaster() {
        func timing(_ microseconds: Double) -> PredictionTiming {
            PredictionTiming(microseconds: microseconds, rivalMicroseconds: 2, fasterRounds: 21, rounds: 21)
        }
        #expect(timing(1.6).isFaster)
        #expect(!timing(1.61).isFaster)
    }

    @Test("never and always do what they say, whatever the numbers")
    func others() {
        #expect(!decision(.never, difference: 0.1, p: 1e-9).promoted)
        #expect(decision(.always, difference: -0.1, p: 1e-9).promoted)
        #expect(decision(.never, difference: 0.1, p: 1e-9).decision == "version 4 stored")
        #expect(decision(.always, difference: -0.1, p: 1e-9).decision == "version 4 put into service: promotion was asked for")
    }

    @Test("the decision says what it rests on")
    func words() {
        #expect(
            decision(.ifBetter, difference: 0.00612, p: 0.0176).decision
                == "version 4 put into service: more accurate than svm 1 (by 0.612 points, p = 0.018)")
        #expect(
            decision(.ifBetter, difference: -0.003, p: 0.151).decision
                == "version 4 stored, not put into service: svm 1 is not beaten (a difference of -0.3 points, p = 0.151)")
        #expect(
            decision(.ifBetter, difference: 0, p: 1, repeats: 0).decision
                == "version 4 stored, not put into service: svm 1 has the same hyperparameters")
        let lost = PromotionDecision(
            .svm, version: nil, accuracy: 0.9, promotion: .always, evidence: PromotionEvidence(), failure: "no memory")
        #expect(!lost.promoted)
        #expect(lost.decision == "not refitted: no memory")
        let alone = PromotionDecision(.svm, version: 2, accuracy: 0.9, promotion: .ifBetter, evidence: PromotionEvidence(), failure: nil)
        #expect(!alone.promoted)
    }

    @Test("a decision is read as it was written, and one whose comparison counted rows without it")
    func stored() throws {
        let written = decision(.ifBetter, difference: 0.00612, p: 0.0176, faster: 21)
        let text = try StoredJSON.text(of: written)
        #expect(text.contains(#""mean_difference":0.00612,"p_value":0.0176,"repeats":3,"standard_error":0.002"#))
        #expect(try StoredJSON.value(PromotionDecision.self, of: text) == written)
        let counted = try StoredJSON.value(
            PromotionDecision.self,
            of: """
                {"accuracy":0.97,"classifier":"svm","comparison":{"accuracy":0.96,"classifier":"svm","only_new_correct":10,\
                "only_serving_correct":5,"p_value":0.151,"timing":null,"version":1},\
                "decision":"svm 1 is not beaten","promoted":false,"version":4}
                """)
        #expect(counted.comparison == nil)
        #expect(counted.decision == "svm 1 is not beaten")
    }
}
