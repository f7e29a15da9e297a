/// Makes one bar of many where there are more of them than a drawing can show.
struct TimelineCrowd {
    private(set) var spans: [RunTimeline.Span]
    private(set) var hiddenNodes = 0

    /// Stands for every index, so that a composite is not taken for one of its elements.
    private static let any = -1

    init(_ spans: [RunTimeline.Span]) { self.spans = spans }

    mutating func shrink(to limit: Int) {
        merge(to: limit) { .init(node: $0.node, iterations: $0.iterations, index: $0.index.map { _ in Self.any }) }
        merge(to: limit) { .init(node: $0.node, index: $0.index.map { _ in Self.any }) }
        hide(to: limit)
    }

    /// Merges the spans that have a key in common, those with the most bars first, until few enough are left.
    private mutating func merge(
        to limit: Int, by key: (ActivationID.Component) -> ActivationID.Component
    ) {
        var total = count
        guard total > limit else { return }
        var crowds: [[ActivationID.Component]: Int] = [:]
        var members: [[Int]] = []
        for (position, span) in spans.enumerated() {
            let key = span.bars.first.map { $0.activation.path.map(key) } ?? []
            if let known = crowds[key] {
                members[known].append(position)
            } else {
                crowds[key] = members.count
                members.append([position])
            }
        }
        let sizes = members.map { $0.reduce(0) { $0 + spans[$1].bars.count } }
        var isGone = Array(repeating: false, count: spans.count)
        for crowd in members.indices.sorted(by: { (sizes[$1], $0) < (sizes[$0], $1) }) {
            guard total > limit, sizes[crowd] > 1 else { break }
            let first = members[crowd][0]
            let path = spans[first].bars.first.map { $0.activation.path.map(key) } ?? []
            let common = path.map { ActivationID.Component(node: $0.node, iterations: $0.iterations) }
            spans[first] = .init(
                bars: [Self.bar(of: members[crowd].flatMap { spans[$0].bars }, ActivationID(common))])
            for other in members[crowd].dropFirst() { isGone[other] = true }
            total -= sizes[crowd] - 1
        }
        spans = spans.indices.filter { !isGone[$0] }.map { spans[$0] }
    }

    private mutating func hide(to limit: Int) {
        guard count > limit else { return }
        hiddenNodes = spans.count - limit
        spans.removeLast(hiddenNodes)
    }

    private var count: Int { spans.reduce(0) { $0 + $1.bars.count } }

    private static func bar(of bars: [RunTimeline.Bar], _ id: ActivationID) -> RunTimeline.Bar {
        var bar = RunTimeline.Bar(activation: id, start: bars.map(\.start).min() ?? .zero, end: .zero)
        bar.end = bars.map(\.end).max() ?? .zero
        bar.count = bars.reduce(0) { $0 + $1.count }
        bar.failures = bars.reduce(0) { $0 + $1.failures }
        let outcomes = Set(bars.map(\.outcome))
        if outcomes.contains(.running) {
            bar.outcome = .running
        } else if outcomes.count == 1, let outcome = outcomes.first {
            bar.outcome = outcome
        } else {
            bar.outcome = .completed
        }
        return bar
    }
}
