import Digits

extension SearchSpace {
    /// Random search: some of the candidates, each choice of that many equally likely.
    ///
    /// Bergstra, Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13 (2012): where few hyperparameters matter, candidates drawn
    /// at random try more values of those than a coarser grid of the same size. Here they are drawn from a grid, without replacement,
    /// so that no work is done twice.
    /// - Parameters:
    ///   - count: how many, 1 or more; all of them where there are no more.
    ///   - seed: decides, with the number of candidates and nothing else, which ones.
    /// - Returns: the candidates drawn, in the order that they have here.
    public func drawing(_ count: Int, seed: UInt64) -> SearchSpace {
        precondition(count >= 1, "a search needs a candidate")
        var numbers = Array(rows.indices)
        var stream = RandomStream(seed: seed, purpose: .candidateSampling)
        stream.shuffle(&numbers)
        return SearchSpace(rows: numbers.prefix(count).sorted().map { rows[$0] })
    }
}
