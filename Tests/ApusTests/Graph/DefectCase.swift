import Apus
import Testing

/// A graph with one defect, and what its diagnostic must say.
struct DefectCase: CustomTestStringConvertible, Sendable {
    var says: String
    var code: GraphDiagnostic.Code
    var nodes: [String]
    /// Words the diagnostic must hold besides the nodes.
    var words: [String] = []
    var build: @Sendable (inout GraphBuilder<Trail>) -> Void

    var testDescription: String { says }

    static let all = starts + exits + names + limits
}

extension DefectCase {
    static let starts = [
        DefectCase(says: "nothing to start", code: .nothingToStart, nodes: [], words: ["start(at:)"]) { g in
            _ = g.mark("a")
        },
        DefectCase(says: "a graph without nodes", code: .nothingToStart, nodes: []) { _ in },
        DefectCase(says: "a node that no path reaches", code: .unreachableNode, nodes: ["b"]) { g in
            g.start(at: g.mark("a"))
            _ = g.mark("b")
        },
        DefectCase(says: "a start at the end of a path", code: .foreignHandle, nodes: [], words: ["start", "end"]) {
            g in
            g.start(at: g.mark("a"), .end)
        },
        DefectCase(says: "a start that is named twice", code: .duplicateTarget, nodes: ["a"], words: ["start"]) { g in
            let a = g.mark("a")
            g.start(at: a, a)
        },
    ]

    static let exits = [
        DefectCase(says: "a second exit", code: .secondExit, nodes: ["a"], words: ["fork"]) { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
            g.edge(from: a, to: c)
        },
        DefectCase(says: "a second failure exit", code: .secondFailureExit, nodes: ["a"]) { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
            g.onFailure(of: a, to: b)
            g.onFailure(of: a, to: c)
        },
        DefectCase(
            says: "a failure exit of a node that is passed over", code: .unusedFailureExit, nodes: ["a"],
            words: ["passedOverOnFailure", "onFailure"]
        ) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.fork(from: a, to: b)
            g.onFailure(of: a.passedOverOnFailure(), to: b)
        },
        DefectCase(says: "one target twice in a fork", code: .duplicateTarget, nodes: ["a"], words: ["\"b\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.fork(from: a, to: b, b)
        },
        DefectCase(says: "one target twice in a case", code: .duplicateTarget, nodes: ["a"], words: ["\"b\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, cases: [RouteCase("yes", to: b, b), RouteCase("no")]) { _ in "yes" }
        },
        DefectCase(says: "one target twice in a route", code: .duplicateTarget, nodes: ["a"], words: ["\"b\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, to: [b, b]) { _ in b }
        },
        DefectCase(says: "one target twice in a select", code: .duplicateTarget, nodes: ["a"], words: ["\"b\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.select(from: a, to: [b, b]) { _ in [] }
        },
        DefectCase(says: "one name for two cases", code: .duplicateCase, nodes: ["a"], words: ["\"yes\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, cases: [RouteCase("yes", to: b), RouteCase("yes")]) { _ in "yes" }
        },
        DefectCase(says: "a value without a target", code: .missingCase, nodes: ["a"], words: ["\"red\""]) { g in
            let (a, b) = (g.mark("a"), g.mark("b"))
            g.start(at: a)
            g.route(from: a, by: \.light, [.green: b, .amber: .end])
        },
    ]

    static let names = [
        DefectCase(says: "two nodes of one id", code: .duplicateID, nodes: ["a"]) { g in
            g.start(at: g.mark("a"), g.mark("a"))
        },
        DefectCase(says: "two entries of one name", code: .duplicateID, nodes: [], words: ["\"hook\""]) { g in
            let a = g.mark("a")
            g.entry("hook", at: a)
            g.entry("hook", at: a)
        },
        DefectCase(says: "two branches of one name in a race", code: .duplicateID, nodes: ["r"], words: ["\"x\""]) {
            g in
            g.start(at: g.race("r", [Branch("x") { _, _ in }, Branch("y") { _, _ in }, Branch("x") { _, _ in }]))
        },
        DefectCase(says: "two branches of one name in a quorum", code: .duplicateID, nodes: ["q"], words: ["\"x\""]) {
            g in
            g.start(at: g.quorum("q", 1, of: [Branch("x") { _, _ in }, Branch("x") { _, _ in }]))
        },
        DefectCase(says: "an empty id", code: .emptyName, nodes: [""]) { g in g.start(at: g.mark("")) },
    ]

    static let limits = [
        DefectCase(says: "no rounds", code: .invalidLimit, nodes: ["a"], words: ["0"]) { g in
            g.start(at: g.mark("a").iterationLimit(0))
        },
        DefectCase(says: "no attempts", code: .invalidLimit, nodes: ["a"], words: ["0"]) { g in
            g.start(at: g.mark("a").retry(.constant(attempts: 0, delay: .zero)))
        },
        DefectCase(says: "a quorum of more than there are", code: .invalidLimit, nodes: ["q"], words: ["2", "1"]) { g in
            g.start(at: g.quorum("q", 2, of: [Branch("a") { _, _ in }]))
        },
        DefectCase(says: "a quorum of none", code: .invalidLimit, nodes: ["q"], words: ["0"]) { g in
            g.start(at: g.quorum("q", 0, of: [Branch("a") { _, _ in }]))
        },
        DefectCase(says: "a race of none", code: .invalidLimit, nodes: ["r"]) { g in g.start(at: g.race("r", [])) },
        DefectCase(says: "no attempts for an element", code: .invalidLimit, nodes: ["e"], words: ["element", "0"]) {
            g in
            let retry = RetryPolicy.constant(attempts: 0, delay: .zero)
            g.start(
                at: g.forEach("e", \.items, retry: retry) { item, _ in
                    item
                } collect: {
                    $0.items = $1
                })
        },
        DefectCase(says: "no time for an element", code: .invalidLimit, nodes: ["e"], words: ["element", "timeout"]) {
            g in
            g.start(
                at: g.forEach("e", \.items, timeout: .zero) { item, _ in
                    item
                } settle: { _, _ in
                })
        },
        DefectCase(says: "a timeout of nothing", code: .invalidLimit, nodes: ["a"], words: ["timeout"]) { g in
            g.start(at: g.mark("a").timeout(.zero))
        },
    ]
}

/// A value to route by.
enum Light: String, CaseIterable, Codable, Sendable {
    case green, amber, red
}

extension Trail {
    var light: Light { Light(rawValue: owner) ?? .green }
}
