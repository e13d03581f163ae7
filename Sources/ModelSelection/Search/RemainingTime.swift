import Classifiers

/// How long a running search will still take: the estimated cost of what is left, at the speed measured so far.
///
/// Costs are estimates; the seconds that a unit of cost takes are measured for each classifier on its finished units.
/// A classifier without finished units is assumed to be as fast as the others.
public struct RemainingTime: Sendable {
    private struct Account {
        var costLeft = 0.0
        var costDone = 0.0
        var secondsDone = 0.0
    }

    private var accounts: [Account]
    private let numberOfClassifier: [ClassifierName: Int]
    private let jobCount: Int

    /// - Parameter finished: trials that do not run again.
    public init(search: GridSearch, jobCount: Int, finished: [Trial] = []) {
        self.init(
            units: search.schedule(jobCount: jobCount, finished: finished).units.map { unit in
                (search.space.rows[unit.candidates[0]].candidate.classifier, unit.cost)
            }, jobCount: jobCount)
    }

    init(units: [(classifier: ClassifierName, cost: Double)], jobCount: Int) {
        var accounts: [Account] = []
        var numberOfClassifier: [ClassifierName: Int] = [:]
        for unit in units {
            let number = numberOfClassifier[unit.classifier] ?? accounts.count
            if number == accounts.count {
                numberOfClassifier[unit.classifier] = number
                accounts.append(Account())
            }
            accounts[number].costLeft += unit.cost
        }
        self.accounts = accounts
        self.numberOfClassifier = numberOfClassifier
        self.jobCount = jobCount
    }

    /// Takes a finished unit into account and returns the seconds left; nil before any estimate is possible.
    public mutating func secondsLeft(after unit: FinishedUnit) -> Double? {
        if let number = numberOfClassifier[unit.classifier] {
            accounts[number].costLeft -= unit.cost
            accounts[number].costDone += unit.cost
            accounts[number].secondsDone += unit.seconds
        }
        let costDone = accounts.reduce(0) { $0 + $1.costDone }
        guard costDone > 0 else { return nil }
        let commonSpeed = accounts.reduce(0) { $0 + $1.secondsDone } / costDone
        let busySeconds = accounts.reduce(0) { sum, account in
            sum + max(0, account.costLeft) * (account.costDone > 0 ? account.secondsDone / account.costDone : commonSpeed)
        }
        return busySeconds / Double(jobCount)
    }
}
