import ApusTesting
import Testing

/// A graph with the run that the laws give it, worked out by hand.
struct LawCase: CustomTestStringConvertible {
    var says: String
    var recipe: GraphRecipe
    /// The activations that complete, in graph order.
    var ran: String
    /// The activations that no branch came to.
    var skipped = ""

    var testDescription: String { says }

    init(
        _ says: String, ran: String, skipped: String = "", entries: [[Int]] = [[0]], script: [Int: [Int]] = [:],
        _ nodes: [NodeRecipe]
    ) {
        self.says = says
        self.ran = ran
        self.skipped = skipped
        recipe = GraphRecipe(entries: entries, nodes: nodes)
        recipe.script = script
    }

    static let all: [LawCase] = joining + loops + nested + failing + order

    static let joining = [
        LawCase(
            "a join waits for the branches that are coming, whatever their lengths", ran: "a b c d",
            [NodeRecipe("a", .to([3, 1])), NodeRecipe("b", .to([2])), NodeRecipe("c", .to([3])), NodeRecipe("d")]),
        LawCase(
            "a join does not wait for a branch that a route skipped", ran: "a c d", skipped: "b", script: [0: [1]],
            [
                NodeRecipe("a", .route([[1, 3], [2]])), NodeRecipe("b", .to([3])), NodeRecipe("c", .to([3])),
                NodeRecipe("d"),
            ]),
        LawCase(
            "two cases share a target, and it starts once", ran: "a c d", skipped: "b", script: [0: [1]],
            [
                NodeRecipe("a", .route([[1, 2], [2, 3]])), NodeRecipe("b", .to([3])), NodeRecipe("c", .to([3])),
                NodeRecipe("d"),
            ]),
        LawCase(
            "what only skipped branches lead to is skipped, and passes it on", ran: "a", skipped: "b c d",
            script: [0: [1]],
            [
                NodeRecipe("a", .route([[1, 2], []])), NodeRecipe("b", .to([3])), NodeRecipe("c", .to([3])),
                NodeRecipe("d"),
            ]),
        LawCase(
            "a run uses one of the entries", ran: "b c", skipped: "a", entries: [[1], [0]],
            [NodeRecipe("a", .to([2])), NodeRecipe("b", .to([2])), NodeRecipe("c")]),
    ]

    static let loops = [
        LawCase(
            "a loop runs until a round takes no back edge", ran: "a b#0 c#0 b#1 c#1 b#2 c#2 d", script: [2: [0, 0, 1]],
            [
                NodeRecipe("a", .to([1])), NodeRecipe("b", .to([2])), NodeRecipe("c", .route([[1], [3]])),
                NodeRecipe("d"),
            ]),
        LawCase(
            "a node loops to itself", ran: "a#0 a#1 b", script: [0: [0, 1]],
            [NodeRecipe("a", .route([[0], [1]])), NodeRecipe("b")]),
        LawCase(
            "a side branch belongs to its round and follows it in no later one", ran: "a#0 s#0 a#1 s#1 a#2 b",
            skipped: "s#2", script: [0: [0, 0, 1]],
            [NodeRecipe("a", .route([[0, 2], [1]])), NodeRecipe("b"), NodeRecipe("s")]),
        LawCase(
            "two back edges make one loop", ran: "a#0 b#0 a#1 c#1 a#2 c#2 d", skipped: "c#0 b#1 b#2",
            script: [0: [0, 1, 1], 2: [0, 1]],
            [
                NodeRecipe("a", .route([[1], [2]])), NodeRecipe("b", .to([0])), NodeRecipe("c", .route([[0], [3]])),
                NodeRecipe("d"),
            ]),
        LawCase(
            "a part with several entries runs one step at a time", ran: "a c b c d", script: [0: [1], 2: [0, 1]],
            [
                NodeRecipe("a", .route([[1], [2]])), NodeRecipe("b", .to([2])), NodeRecipe("c", .route([[1], [3]])),
                NodeRecipe("d"),
            ]),
    ]

    static let nested = [
        LawCase(
            "an inner loop starts anew in each round of the outer", ran: "a#0 b#0.0 b#0.1 a#1 b#1.0 c",
            script: [1: [0, 1, 2]],
            [NodeRecipe("a", .to([1])), NodeRecipe("b", .route([[1], [0], [2]])), NodeRecipe("c")]),
        LawCase(
            "an edge that leaves two loops is decided with the outer one", ran: "a#0 b#0.0 x#0 c", skipped: "",
            script: [1: [0]],
            [
                NodeRecipe("a", .to([3, 1])), NodeRecipe("b", .route([[2], [1], [0]])), NodeRecipe("c"),
                NodeRecipe("x"),
            ]),
        LawCase(
            "a loop that no branch comes to is skipped whole", ran: "a d", skipped: "c", script: [0: [1]],
            [
                NodeRecipe("a", .route([[1], [3]])), NodeRecipe("b", .route([[1], [2]])), NodeRecipe("c", .to([3])),
                NodeRecipe("d"),
            ]),
    ]

    static let failing = [
        LawCase(
            "a failure goes to what mends it, and the exit is skipped", ran: "m c", skipped: "b",
            [
                NodeRecipe("a", .to([1]), onFailure: [2], failure: .always), NodeRecipe("b", .to([3])),
                NodeRecipe("m", .to([3])), NodeRecipe("c"),
            ]),
        LawCase(
            "a success skips what would have mended it", ran: "a b c", skipped: "m",
            [
                NodeRecipe("a", .to([1]), onFailure: [2], failure: .first(2)), NodeRecipe("b", .to([3])),
                NodeRecipe("m", .to([3])), NodeRecipe("c"),
            ]),
        LawCase(
            "a header beyond its limit fails without running", ran: "a#0 a#1 m", skipped: "b", script: [0: [0, 0, 0]],
            [NodeRecipe("a", .route([[0], [1]]), onFailure: [2], limit: 2), NodeRecipe("b"), NodeRecipe("m")]),
    ]

    static let order = [
        LawCase(
            "graph order lists the first-declared of those whose predecessors are listed", ran: "d b a c",
            entries: [[3]],
            [
                NodeRecipe("a", .to([2]), time: 1), NodeRecipe("b", .to([0])), NodeRecipe("c"),
                NodeRecipe("d", .to([2, 1]), time: 1),
            ]),
        LawCase(
            "a loop is one unit, declared where its header is", ran: "a x b#0 c#0 b#1 c#1 y", script: [4: [0, 1]],
            [
                NodeRecipe("a", .to([3, 1, 2])), NodeRecipe("x", time: 50), NodeRecipe("b", .to([4])), NodeRecipe("y"),
                NodeRecipe("c", .route([[2], []])),
            ]),
    ]
}
