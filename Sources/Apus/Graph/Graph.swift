/// An immutable, checked value: nodes and edges over one type of state.
///
/// Building one throws ``GraphError`` with everything that is wrong with it. One value runs any number of times at once.
public struct Graph<State: GraphState>: Sendable {
    public let name: String
    /// Its shape without its code.
    public let outline: GraphOutline
    let plan: GraphPlan
    let table: NodeTable<State>
    let kit: any StateKit
    let channels: [DraftChannel]
    let siblings: SiblingPolicy
    let compensations: [DraftCompensation]
    /// When its runs are undone by themselves.
    let saga: SagaPolicy?
    private let identity = GraphFingerprint()

    public init(_ name: String, _ build: (inout GraphBuilder<State>) throws -> Void) throws {
        var builder = GraphBuilder<State>()
        try build(&builder)
        var compiler = GraphCompiler(name, builder.draft)
        let compiled = try compiler.compile()
        self.name = name
        outline = compiled.outline
        plan = compiled.plan
        table = compiled.table
        kit = TypedKit(compiled.schema)
        channels = compiled.contents.channels
        siblings = compiled.contents.siblings
        compensations = compiled.contents.compensations
        saga = compiled.contents.saga
    }

    /// The ids of its nodes in the order of their declaration.
    public var nodes: [String] { plan.names }

    /// Names its shape: equal for graphs with the same nodes, edges and kinds, whatever their code.
    public var fingerprint: String { identity.text(of: outline) }

    /// The names of its entries.
    public var entries: [String] { plan.entries }
}
