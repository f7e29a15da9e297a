/// One operation on the state of a recipe.
public enum RecipeChange: Sendable, Hashable {
    case append(String)
    case add(Int)
    case key(String, Int)
    case chosen(String, Int)
    case exclusive(Int, Int)

    public func apply(to state: inout RecipeState) {
        switch self {
        case .append(let line): state.log.append(line)
        case .add(let amount): state.sum += amount
        case .key(let key, let value): state.keys[key] = value
        case .chosen(let name, let value): state.chosen[name] = value
        case .exclusive(let field, let value): state[keyPath: RecipeState.exclusives[field]] = value
        }
    }

    /// Whether it leaves the state as it is, which is no change.
    func isIdle(on state: RecipeState) -> Bool {
        switch self {
        case .append: false
        case .add(let amount): amount == 0
        case .key(let key, let value): state.keys[key] == value
        case .chosen(let name, let value): state.chosen[name] == value
        case .exclusive(let field, let value): state[keyPath: RecipeState.exclusives[field]] == value
        }
    }

    /// What only one of two concurrent activations may write; `nil` where changes come together.
    var claim: String? {
        switch self {
        case .append, .add: nil
        case .key(let key, _): "keys.\(key)"
        case .chosen(let name, _): "chosen.\(name)"
        case .exclusive(let field, _): "exclusive\(field)"
        }
    }
}

extension NodeRecipe {
    /// What a plain node does in the activation of that name when it sees `state` and makes the choice.
    ///
    /// - Parameter choice: What its route or select is to read; `nil` for other exits.
    func changes(_ activation: String, seeing state: RecipeState, choice: Int?) -> [RecipeChange] {
        let seen = state.fingerprint
        var changes = writes.map { write -> RecipeChange in
            switch write {
            case .append: .append(Self.line(activation, seen))
            case .add(let amount): .add(amount + Int(seen % 7))
            case .key(let key): .key(key, Int(seen % 1_000_003))
            case .exclusive(let field): .exclusive(field, Int(seen % 1_000_003) + 1)
            }
        }
        if let choice { changes.append(.chosen(name, choice)) }
        return changes
    }

    /// What an activation or a body of a composite writes to the log.
    static func line(_ activation: String, _ seen: UInt64) -> String { "\(activation) \(String(seen, radix: 36))" }
}
