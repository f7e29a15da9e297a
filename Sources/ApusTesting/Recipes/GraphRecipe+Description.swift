extension GraphRecipe: CustomStringConvertible {
    /// The recipe as a Swift expression.
    public var description: String {
        let rows = nodes.enumerated().map { "    /* \($0.offset) */ \($0.element)" }
        return """
            GraphRecipe(seed: \(seed), entries: \(entries), entry: \(entry), nodes: [
            \(rows.joined(separator: ",\n"))
            ])
            """
    }
}

extension NodeRecipe: CustomStringConvertible {
    public var description: String {
        var parts = ["\"\(name)\"", "\(exit)"]
        if !onFailure.isEmpty { parts.append("onFailure: \(onFailure)") }
        if failure != .never { parts.append("failure: \(failure)") }
        if time != 0 { parts.append("time: \(time)") }
        if writes != [.append] { parts.append("writes: \(writes)") }
        if work != .plain { parts.append("work: \(work)") }
        if let limit { parts.append("limit: \(limit)") }
        return "NodeRecipe(\(parts.joined(separator: ", ")))"
    }
}

extension ExitRecipe: CustomStringConvertible {
    public var description: String {
        switch self {
        case .end: ".end"
        case .finish: ".finish"
        case .to(let targets): ".to(\(targets))"
        case .route(let cases): ".route(\(cases))"
        case .select(let targets): ".select(\(targets))"
        }
    }
}

extension FailureRecipe: CustomStringConvertible {
    public var description: String {
        switch self {
        case .never: ".never"
        case .first(let attempts): ".first(\(attempts))"
        case .chosen: ".chosen"
        case .always: ".always"
        }
    }
}

extension WriteRecipe: CustomStringConvertible {
    public var description: String {
        switch self {
        case .append: ".append"
        case .add(let amount): ".add(\(amount))"
        case .key(let key): ".key(\"\(key)\")"
        case .exclusive(let field): ".exclusive(\(field))"
        }
    }
}

extension WorkRecipe: CustomStringConvertible {
    public var description: String {
        switch self {
        case .plain: ".plain"
        case .forEach(let count, let concurrency): ".forEach(\(count), concurrency: \(concurrency))"
        case .race(let times): ".race(\(times))"
        case .quorum(let winners, let times, let runsOn): ".quorum(\(winners), \(times), runsOn: \(runsOn))"
        case .loop(let count): ".loop(\(count))"
        case .subgraph(let recipes): ".subgraph(\(recipes))"
        }
    }
}
