/// Changing what everybody sees.
extension ChangeBook {
    /// Whether all that is open sees the same state: nothing is kept apart, and no loop is open beside something else.
    var isUniform: Bool { commonScope != nil }

    /// Lets a change that no activation made follow all that was committed; returns what everything open sees now, or `nil` if
    /// it does not see the same.
    mutating func edit(_ change: StateChange) throws(StateError) -> StateBox? {
        guard let scope = commonScope else { return nil }
        return try append(change, in: scope)
    }

    /// The scope in which everything that is open stands.
    private var commonScope: Int? {
        let scopes = scopes
        let around = Set(scopes.map { outer(of: $0) })
        let innermost = scopes.filter { !around.contains($0) }
        guard innermost.count == 1, let scope = innermost.first else { return nil }
        for other in scopes where !isBare(other, isInnermost: other == scope) { return nil }
        return scope
    }
}
