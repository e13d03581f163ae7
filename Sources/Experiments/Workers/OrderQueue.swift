/// The orders that no worker has begun, handed out one by one.
actor OrderQueue {
    private var orders: ArraySlice<WorkerOrder>

    init(_ orders: [WorkerOrder]) {
        self.orders = orders[...]
    }

    func next() -> WorkerOrder? { orders.popFirst() }

    /// Has these handed out before all others.
    func putFirst(_ first: [WorkerOrder]) {
        orders = (first + orders)[...]
    }
}
