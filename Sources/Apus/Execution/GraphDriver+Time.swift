extension GraphDriver {
    /// A node that stands in a milestone has begun: what waited for that may start.
    func began(_ node: Int) {
        let wake = shared.withLock { shared -> Wake? in
            guard let next = shared.machine?.began(node) else { return nil }
            if case .with(let following) = proceed(next, nil, nil, nil, &shared) {
                shared.orders.append(.start([following]))
            }
            return shared.takeWake()
        }
        wake?.perform()
    }
}
