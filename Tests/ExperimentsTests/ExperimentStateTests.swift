import DigitAPI
import Experiments
import Testing

@Suite struct ExperimentStateTests {
    /// Every pair of states, and whether the second may follow the first.
    private static let legal: Set<[ExperimentState]> = [
        [.queued, .running], [.queued, .cancelled],
        [.running, .succeeded], [.running, .failed], [.running, .cancelling], [.running, .queued],
        [.cancelling, .cancelled],
        [.succeeded, .queued], [.failed, .queued], [.cancelled, .queued],
    ]

    @Test("of all pairs of states only those of the design may follow one another")
    func transitions() {
        for state in ExperimentState.allCases {
            for next in ExperimentState.allCases {
                #expect(state.mayBecome(next) == Self.legal.contains([state, next]), "\(state) to \(next)")
            }
        }
    }

    @Test("only what has succeeded, failed or been cancelled is finished")
    func finished() {
        #expect(ExperimentState.allCases.filter(\.isFinished) == [.succeeded, .failed, .cancelled])
    }
}
