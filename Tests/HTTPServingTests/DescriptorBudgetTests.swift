import Testing

@testable import HTTPServing

@Suite struct DescriptorBudgetTests {
    @Test("where there are enough, every connection has one, and files, pipes and lingering connections have theirs")
    func enough() {
        let budget = DescriptorBudget(connectionLimit: 1_024, limitCount: 4_096, openCount: 30)
        #expect(budget == DescriptorBudget(connectionLimit: 1_024, limitCount: 4_096, openCount: 0))
        #expect(budget.connectionCount == 1_024)
        #expect(budget.lingeringCount == 256)
    }

    @Test("where there are fewer, connections leave a quarter of them", arguments: [(64, 24), (64, 63), (64, 64), (256, 30), (1_024, 30)])
    func few(limitCount: Int, openCount: Int) {
        let budget = DescriptorBudget(connectionLimit: 1_024, limitCount: limitCount, openCount: openCount)
        let freeCount = max(0, limitCount - openCount - 20)
        #expect(budget.connectionCount == max(1, freeCount * 3 / 4))
        #expect(budget.lingeringCount + budget.connectionCount <= max(1, freeCount * 7 / 8))
    }

    @Test("no more connections than are asked for")
    func asked() {
        #expect(DescriptorBudget(connectionLimit: 2, limitCount: 64, openCount: 24).connectionCount == 2)
    }
}
