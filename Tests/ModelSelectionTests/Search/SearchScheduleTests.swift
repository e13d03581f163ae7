import Testing

@testable import ModelSelection

struct SearchScheduleTests {
    private func schedule(
        groups: [[Int]], foldCount: Int, jobCount: Int, cost: ([Int]) -> Double, pending: [Set<Int>]? = nil
    ) -> SearchSchedule {
        SearchSchedule(
            groups: groups, pending: pending ?? [Set<Int>](repeating: Set(groups.joined()), count: foldCount), jobCount: jobCount
        ) { candidates, _ in cost(candidates) }
    }

    private func candidates(_ schedule: SearchSchedule) -> [[Int]] { schedule.units.map(\.candidates) }

    @Test("the longest unit comes first; of equally long ones the earlier candidate, then the earlier fold")
    func order() {
        let costs = [1.0, 5, 3]
        let schedule = schedule(groups: [[0], [1], [2]], foldCount: 2, jobCount: 2) { costs[$0[0]] }
        #expect(schedule.units.map(\.cost) == [5, 5, 3, 3, 1, 1])
        #expect(schedule.units.map(\.fold) == [0, 1, 0, 1, 0, 1])
        #expect(candidates(schedule) == [[1], [1], [2], [2], [0], [0]])
    }

    @Test("jobs that take the longest unit left end as early as can be where the order of the file would leave one idle")
    func idleTail() {
        let costs = [2.0, 2, 2, 3, 3]
        let schedule = schedule(groups: [[0], [1], [2], [3], [4]], foldCount: 1, jobCount: 2) { costs[$0[0]] }
        #expect(candidates(schedule).flatMap { $0 }.prefix(2) == [3, 4])
        #expect(SearchSchedule.span(of: schedule.units, jobCount: 2) == 7)
        #expect(SearchSchedule.span(of: schedule.units, jobCount: 1) == 12)
        #expect(SearchSchedule.span(of: schedule.units, jobCount: 9) == 3)
    }

    @Test("a group is halved where jobs would stand idle, each candidate staying in one unit of each fold")
    func halving() {
        // Sharing saves little: a group costs one more than its candidates.
        let schedule = schedule(groups: [[0, 1, 2, 3]], foldCount: 2, jobCount: 4) { Double($0.count) * 10 + 1 }
        #expect(candidates(schedule).map(\.count) == [2, 2, 2, 2])
        for fold in 0..<2 {
            #expect(schedule.units.filter { $0.fold == fold }.flatMap(\.candidates).sorted() == [0, 1, 2, 3])
        }
    }

    @Test("a group stays whole where its parts would take as long, and where there is work for all jobs")
    func staysWhole() {
        let forest = schedule(groups: [[0, 1, 2, 3]], foldCount: 2, jobCount: 4) { _ in 100 }
        #expect(candidates(forest) == [[0, 1, 2, 3], [0, 1, 2, 3]])
        let enough = schedule(groups: [[0, 1, 2, 3]], foldCount: 10, jobCount: 2) { Double($0.count) * 10 + 1 }
        #expect(enough.units.count == 10)
    }

    @Test("what has finished is left out, and a fold of a group that has finished is no unit")
    func pending() {
        let schedule = schedule(
            groups: [[0, 1], [2]], foldCount: 3, jobCount: 1, cost: { Double($0.count) }, pending: [[0, 1, 2], [1], []])
        #expect(candidates(schedule) == [[0, 1], [1], [2]])
        #expect(schedule.units.map(\.fold) == [0, 1, 0])
    }
}
