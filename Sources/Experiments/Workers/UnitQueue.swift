import ModelSelection

/// The units that no worker has begun, handed out one by one.
actor UnitQueue {
    private var units: ArraySlice<SearchUnit>

    init(_ units: [SearchUnit]) {
        self.units = units[...]
    }

    func next() -> SearchUnit? { units.popFirst() }
}
