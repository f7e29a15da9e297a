/// One validation: applies schemas to values and adds up what they say.
struct SchemaEvaluation {
    let program: SchemaProgram
    let limits: JSONSchema.Limits
    private var path: [Step] = []
    /// The resources that were entered, outermost first.
    private var scope: [Int] = []
    private var depth = 0
    private var applications = 0
    private(set) var exhausted: String?
    /// Whether only the verdict counts.
    private var isQuiet = false

    private enum Step {
        case name(String)
        case place(Int)
    }

    init(_ program: SchemaProgram, limits: JSONSchema.Limits) {
        self.program = program
        self.limits = limits
    }

    mutating func run(_ value: JSON) -> [JSONSchema.Violation] {
        let outcome = apply(program.root, to: value)
        guard let exhausted else { return outcome.violations }
        let violation = JSONSchema.Violation(path: "", keyword: "$ref", message: "could not be checked: \(exhausted)")
        return outcome.violations.prefix(max(0, limits.violations - 1)) + [violation]
    }

    mutating func apply(_ index: Int, to value: JSON) -> SchemaOutcome {
        var outcome = SchemaOutcome()
        guard enter() else {
            outcome.fail()
            return outcome
        }
        let node = program.nodes[index]
        let isNewResource = scope.last != node.resource
        if isNewResource { scope.append(node.resource) }
        for rule in node.rules {
            apply(rule, to: value, &outcome)
            if exhausted != nil || isQuiet && !outcome.isValid { break }
        }
        if isNewResource { scope.removeLast() }
        depth -= 1
        return outcome
    }

    /// The same for a part of the value at hand.
    mutating func apply(_ index: Int, toMember name: String, _ value: JSON) -> SchemaOutcome {
        path.append(.name(name))
        defer { path.removeLast() }
        return apply(index, to: value)
    }

    mutating func apply(_ index: Int, toElement place: Int, _ value: JSON) -> SchemaOutcome {
        path.append(.place(place))
        defer { path.removeLast() }
        return apply(index, to: value)
    }

    /// Applies a schema of which only the verdict and what it evaluated count.
    mutating func quietly(_ body: (inout SchemaEvaluation) -> SchemaOutcome) -> SchemaOutcome {
        let wasQuiet = isQuiet
        isQuiet = true
        defer { isQuiet = wasQuiet }
        return body(&self)
    }

    /// The schema that a dynamic anchor means now.
    func target(of anchor: Int, otherwise: Int) -> Int {
        let targets = program.dynamicAnchors[anchor]
        for resource in scope {
            if let target = targets[resource] { return target }
        }
        return otherwise
    }

    /// Notes a violation; its words are only looked for where someone reads them.
    func fail(
        _ outcome: inout SchemaOutcome, _ keyword: String, at name: String? = nil, _ message: @autoclosure () -> String
    ) {
        if isQuiet || outcome.violations.count >= limits.violations { return outcome.fail() }
        var pointer = ""
        for step in path {
            switch step {
            case .name(let name): pointer += "/" + JSONPointer.escaped(name)
            case .place(let place): pointer += "/\(place)"
            }
        }
        if let name { pointer += "/" + JSONPointer.escaped(name) }
        outcome.fail(.init(path: pointer, keyword: keyword, message: message()))
    }

    mutating func giveUp(_ reason: String) { exhausted = reason }

    private mutating func enter() -> Bool {
        if exhausted != nil { return false }
        applications += 1
        depth += 1
        if depth > limits.depth {
            giveUp("schemas are applied more than \(limits.depth) deep")
        } else if applications > limits.applications {
            giveUp("schemas are applied more than \(limits.applications) times")
        }
        if exhausted != nil { depth -= 1 }
        return exhausted == nil
    }
}
